import type { OpenedPayment, PaymentCommand, RefundPaymentRequest } from '@kkm/core';
import { noBankFacts } from '@kkm/core';
import { RefundPayment } from '../ledger/refund-payment';
import { sampleBank } from './gateway-ports';
import { approved, unknown } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';

/** What every store must do with refunds that somebody asks for; part of `ledgerStoreConformance`. */
export function refundsConformance(current: () => StoreOnTrial): void {
  async function charged(): Promise<PaymentCommand> {
    const trial = current();
    const command = await trial.open({ bank: sampleBank });
    await trial.record(trial.result(command, await trial.grant(command), approved(15_000, '701')));
    return command;
  }

  async function refund({ paymentId }: PaymentCommand, wanted: Partial<RefundPaymentRequest> = {}): Promise<OpenedPayment> {
    const trial = current();
    const idempotency = { key: trial.id('ref'), fingerprint: 'refund' };
    const by = { kind: 'api_key', id: 'key_1', name: 'desk' } as const;
    return new RefundPayment(trial.store, trial.around).execute({ idempotency, scope: null, paymentId, amount: null, reason: null, by, ...wanted });
  }

  /** The money comes back to the guest. */
  async function giveBack(opened: OpenedPayment): Promise<void> {
    const trial = current();
    const command = opened.command!;
    await trial.record(trial.result(command, await trial.grant(command), approved(command.amount, trial.id('ref'))));
  }

  describe('refunds', () => {
    it('are opened once per key and answered again with what it opened', async () => {
      const command = await charged();
      const idempotency = { key: current().id('ref'), fingerprint: 'one' };
      const first = await refund(command, { idempotency, amount: 5_000, reason: 'one hour less' });
      expect(first).toMatchObject({ replayed: false, command: { operation: 'refund', amount: 5_000, original: { attemptId: command.attemptId, rrn: '701' } } });
      // It comes from the account that the charge went to.
      expect(first.payment.attempts[1]).toMatchObject({ operation: 'refund', bank: sampleBank });
      expect(await refund(command, { idempotency, amount: 5_000 })).toEqual({ ...first, replayed: true });
      await giveBack(first);
      expect(await refund(command, { idempotency, amount: 5_000 })).toMatchObject({ replayed: true, command: null, payment: { refundedAmount: 5_000 } });
      await expect(refund(command, { idempotency: { ...idempotency, fingerprint: 'two' } })).rejects.toMatchObject({ code: 'idempotency.key_reused' });
      expect(await current().store.evidenceOf(command.paymentId)).toContainEqual(
        expect.objectContaining({ kind: 'person', said: 'desk (key_1): one hour less' }),
      );
    });

    it('give all back that is left in parts, and no more', async () => {
      const command = await charged();
      await giveBack(await refund(command, { amount: 5_000 }));
      await expect(refund(command, { amount: 10_001 })).rejects.toMatchObject({ code: 'payment.refund_too_large' });
      await giveBack(await refund(command));
      expect((await current().payment(command)).shown).toMatchObject({ status: 'succeeded', chargedAmount: 15_000, refundedAmount: 15_000 });
      expect(await current().store.chargesOf(command.paymentId)).toMatchObject([{ disposition: 'returned', returns: [{}, {}] }]);
      await expect(refund(command)).rejects.toMatchObject({ code: 'payment.not_refundable' });
    });

    it('never come to more than was charged, of sixteen at a time', async () => {
      const command = await charged();
      for (let round = 0; round < 3; round += 1) {
        const all = await Promise.allSettled(Array.from({ length: 16 }, () => refund(command, { amount: 6_000 })));
        const opened = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        expect(opened).toHaveLength(round < 2 ? 1 : 0);
        const codes = new Set(all.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : [])));
        expect([...codes]).toEqual([round < 2 ? 'payment.not_refundable' : 'payment.refund_too_large']);
        for (const one of opened) await giveBack(one);
      }
      expect((await current().payment(command)).shown.refundedAmount).toBe(12_000);
    });

    it('count in full while they are in doubt', async () => {
      const trial = current();
      const command = await charged();
      const giving = (await refund(command, { amount: 5_000 })).command!;
      await trial.record(trial.result(giving, await trial.grant(giving), unknown));
      await expect(refund(command, { amount: 1 })).rejects.toMatchObject({ code: 'payment.not_refundable' });
      expect(await trial.payment(command)).toMatchObject({ refundPendingMinor: 5_000, shown: { status: 'succeeded' } });
    });

    it('follow a void at once that the terminal proves it did not make, and are sent for', async () => {
      const trial = current();
      const command = await charged();
      const voiding = (await refund(command)).command!;
      expect(voiding.operation).toBe('void');
      await trial.record(trial.result(voiding, await trial.grant(voiding), { kind: 'declined', reason: 'do_not_honour', facts: noBankFacts }));
      const record = await trial.payment(command);
      expect([record.refundPendingMinor, record.attempts.map(({ shown }) => `${shown.operation} ${shown.status}`)]).toEqual([
        15_000,
        ['sale approved', 'void declined', 'refund queued'],
      ]);
      const due = await trial.store.dueErrands(trial.nowMs, { firstMs: 1_000, maxMs: 1_000, waitingMaxMs: 60_000, limit: 1_000 });
      expect(due.filter((errand) => errand.command.paymentId === command.paymentId)).toMatchObject([{ kind: 'run', command: { operation: 'refund' } }]);
    });
  });
}
