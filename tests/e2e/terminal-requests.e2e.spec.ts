import type { KeptRequest } from '@kkm/core';
import { eventually } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';
import type { HttpAnswer } from './harness/http-answer';

describeKkm('a terminal asked outside of payments', { suite: 'terminal-requests', terminals: 1 }, (kkm) => {
  const ask = (what: string, body: object = {}): Promise<HttpAnswer<KeptRequest>> =>
    kkm().call('POST', `/v1/terminals/pax-1/${what}`, { body, headers: { prefer: 'wait=30' } });
  beforeEach(() => kkm().terminals.behave('pax-1', {}));

  it('answers a link test, and says who it is', async () => {
    const { body } = await ask('link-test');
    expect(body).toMatchObject({
      state: 'done',
      link: { bankTerminalId: expect.stringMatching(/^\w+$/) as string, serialNumber: expect.any(String) as string },
    });
  });

  it('settles: its report holds what was paid before, and nothing after, and both answers are kept', async () => {
    const { body: paid } = await kkm().pay({ amount: 12_300 }, { prefer: 'wait=20' });
    expect(paid.status).toBe('succeeded');
    const before = await ask('report', { detailed: true });
    expect(before.body.text).toContain(paid.attempts[0]?.rrn);
    expect((await ask('report')).body.text).toContain('КРАТКИЙ ОТЧЕТ');
    const settled = await ask('settle');
    expect(settled.body).toMatchObject({ state: 'done', text: expect.stringContaining('СВЕРКА ИТОГОВ') as string });
    expect((await ask('report', { detailed: true })).body.text).toContain('ИТОГО ОПЕРАЦИЙ: 0');
    const kept = await kkm().call<{ requests: KeptRequest[] }>('GET', '/v1/terminals/pax-1/requests?kind=settle');
    expect(kept.body.requests[0]).toEqual(settled.body);
  });

  it('waits for a payment that runs, is refused a settlement meanwhile, and lets the next payment wait', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { body: first } = await kkm().pay();
    await kkm().untilAsksForCard();
    expect((await ask('settle')).body).toMatchObject({ code: 'equipment.terminal_busy' });
    const asking = ask('report', { detailed: true });
    await kkm().terminals.behave('pax-1', {});
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    const second = kkm().pay({}, { prefer: 'wait=20' });
    const paid = await kkm().until(first.id, 'succeeded');
    expect((await asking).body.text).toContain(paid.attempts[0]?.rrn);
    expect((await second).body.status).toBe('succeeded');
  });

  it('is refused a settlement while an attempt is in doubt, and settles once that is known', async () => {
    await kkm().terminals.behave('pax-1', { faults: ['unplug(6000)'] });
    const { body } = await kkm().pay();
    await kkm().until(body.id, 'in_doubt');
    expect((await ask('settle')).body).toMatchObject({ code: 'terminal.in_doubt' });
    await kkm().until(body.id, ['succeeded', 'failed'], 40_000);
    expect((await ask('settle')).body.state).toBe('done');
    await kkm().expectBooksAgree();
  });

  it.each(['drop_before_ack', 'drop_after_approval'])('leaves a payment after the settlement provable (%s), though its worker died', async (fault) => {
    expect((await ask('settle')).body.state).toBe('done');
    const [worker] = kkm().stack.workers;
    await worker?.stop('SIGKILL');
    await kkm().terminals.behave('pax-1', { faults: [fault] });
    worker?.start();
    const { body } = await kkm().pay();
    const ended = await kkm().until(body.id, ['succeeded', 'failed'], 60_000);
    await eventually(() => kkm().expectBooksAgree());
    expect(ended.attempts.map(({ status }) => status)).toEqual([ended.status === 'succeeded' ? 'approved' : 'failed']);
  });
});
