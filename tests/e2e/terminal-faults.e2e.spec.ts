import type { PaymentStatus } from '@kkm/core';
import { describeKkm } from './harness/describe-kkm';

/** What each fault of a terminal may end in. `in_doubt` is allowed where the terminal's answer never came: then only proof may end it. */
const faults: readonly { readonly fault: string; readonly ends: readonly PaymentStatus[]; readonly charged?: number }[] = [
  { fault: 'nak_once', ends: ['succeeded'] },
  { fault: 'bad_crc_once', ends: ['succeeded'] },
  { fault: 'split_bytes', ends: ['succeeded'] },
  { fault: 'coalesce', ends: ['succeeded'] },
  { fault: 'duplicate_result', ends: ['succeeded'] },
  { fault: 'slow_bank(3000)', ends: ['succeeded'] },
  { fault: 'late_result(2000)', ends: ['succeeded'] },
  { fault: 'foreign_sale', ends: ['succeeded'] },
  { fault: 'partial_approval(10000)', ends: ['succeeded'], charged: 10_000 },
  { fault: 'host_unreachable', ends: ['failed', 'declined'] },
  { fault: 'drop_before_ack', ends: ['in_doubt', 'succeeded', 'failed'] },
  { fault: 'drop_after_ack', ends: ['in_doubt', 'succeeded', 'failed'] },
  { fault: 'drop_after_approval', ends: ['succeeded'] },
  { fault: 'drop_mid_result', ends: ['succeeded'] },
  { fault: 'silent', ends: ['in_doubt', 'failed'] },
  { fault: 'reboot', ends: ['in_doubt', 'succeeded', 'failed'] },
  { fault: 'unplug(3000)', ends: ['in_doubt', 'succeeded', 'failed'] },
  { fault: 'unknown_status', ends: ['in_doubt', 'succeeded'] },
];

/** Both kinds of terminal: one whose last receipt is slip text alone, one that also returns fields (design-money, clause 28). */
const personalities = ['plain', 'fields'] as const;

describeKkm('faults of a terminal', { suite: 'terminal-faults', terminals: faults.length * personalities.length }, (kkm) => {
  const opened = new Map<string, string>();

  beforeAll(async () => {
    const cases = personalities.flatMap((personality) => faults.map(({ fault }) => ({ personality, fault })));
    await Promise.all(
      cases.map(async ({ personality, fault }, index) => {
        const terminalId = `pax-${index + 1}`;
        await kkm().terminals.behave(terminalId, { faults: [fault], personality });
        opened.set(`${fault} ${personality}`, (await kkm().pay({ terminalId, amount: 15_000 + index })).body.id);
      }),
    );
  }, 60_000);

  describe.each(personalities)('on a terminal of the kind "%s"', (personality) => {
    it.each(faults)('$fault ends in $ends and never in a second charge', async ({ fault, ends, charged }) => {
      const id = opened.get(`${fault} ${personality}`) ?? '';
      const payment = await kkm().until(id, ends, 100_000);
      if (charged !== undefined) expect(payment.chargedAmount).toBe(charged);
      if (payment.status === 'in_doubt') expect(await kkm().redo(id)).toMatchObject({ status: 409, body: { code: 'payment.not_redoable' } });
    });
  });
});
