import { eventually, pause } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('crashes', { suite: 'crashes', terminals: 4 }, (kkm) => {
  const worker = (): ReturnType<typeof kkm>['stack']['workers'][number] => {
    const [first] = kkm().stack.workers;
    if (!first) throw new Error('There is no worker');
    return first;
  };
  const salesOf = async (amount: number): Promise<number> =>
    (await kkm().terminals.books()).filter((entry) => entry.kind === 'sale' && entry.amount === amount).length;

  it('a ledger that restarts while the guest looks for the card loses nothing', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { body } = await kkm().pay({ amount: 1_100 });
    await kkm().untilAsksForCard();
    await kkm().stack.ledger.stop('SIGKILL');
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    kkm().stack.ledger.start();
    await kkm().stack.ledger.ready();
    expect(await kkm().until(body.id, 'succeeded', 30_000)).toMatchObject({ chargedAmount: 1_100 });
    expect(await salesOf(1_100)).toBe(1);
  });

  it('no permit is given and nothing is charged while the ledger is down', async () => {
    await kkm().terminals.behave('pax-1', {});
    await kkm().stack.ledger.stop('SIGTERM');
    const refused = await kkm().pay({ amount: 1_200 });
    expect(refused).toMatchObject({ status: 503, body: { code: 'ledger.unavailable' } });
    kkm().stack.ledger.start();
    await kkm().stack.ledger.ready();
    expect(await salesOf(1_200)).toBe(0);
  });

  it('a gateway that restarts leaves a running payment alone', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { body } = await kkm().pay({ amount: 1_300 });
    await kkm().untilAsksForCard();
    await kkm().stack.gateway.stop('SIGKILL');
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    kkm().stack.gateway.start();
    await kkm().stack.gateway.ready();
    expect(await kkm().until(body.id, 'succeeded', 30_000)).toMatchObject({ chargedAmount: 1_300 });
  });

  it('a worker killed before it took the command leaves it to its next start', async () => {
    await kkm().terminals.behave('pax-2', {});
    await worker().stop('SIGKILL');
    const { body } = await kkm().pay({ terminalId: 'pax-2', amount: 1_400 });
    worker().start();
    expect(await kkm().until(body.id, 'succeeded', 60_000)).toMatchObject({ chargedAmount: 1_400 });
    expect(await salesOf(1_400)).toBe(1);
  });

  it('a worker killed during a sale never sends it again: the payment is in doubt and charged once at the bank', async () => {
    await kkm().terminals.behave('pax-3', { auto: 'none' });
    const { body } = await kkm().pay({ terminalId: 'pax-3', amount: 1_500 });
    await kkm().untilAsksForCard('pax-3');
    await worker().stop('SIGKILL');
    await kkm().terminals.guest('pax-3', { action: 'tap' });
    worker().start();
    await kkm().until(body.id, ['in_doubt', 'succeeded'], 60_000);
    await pause(2_000);
    expect(await salesOf(1_500)).toBe(1);
    expect(await kkm().redo(body.id)).toMatchObject({ status: 409, body: { code: 'payment.not_redoable' } });
  });

  it('a broken link to the broker while the guest taps loses nothing', async () => {
    await kkm().terminals.behave('pax-4', { auto: 'none' });
    const { body } = await kkm().pay({ terminalId: 'pax-4', amount: 1_600 });
    await kkm().untilAsksForCard('pax-4');
    kkm().brokerLink.set({ kind: 'refused' });
    await kkm().terminals.guest('pax-4', { action: 'tap' });
    await pause(2_000);
    kkm().brokerLink.set({ kind: 'none' });
    expect(await kkm().until(body.id, 'succeeded', 60_000)).toMatchObject({ chargedAmount: 1_600 });
    expect(await salesOf(1_600)).toBe(1);
  });

  it('a payment that cannot reach the broker is answered so, and its repeat is charged once', async () => {
    await kkm().terminals.behave('pax-4', {});
    const request = { terminalId: 'pax-4', amount: 1_700, orderId: kkm().newOrder() };
    const key = { 'idempotency-key': '"broker-away"' };
    kkm().brokerLink.set({ kind: 'refused' });
    expect((await kkm().pay(request, key)).status).toBe(503);
    kkm().brokerLink.set({ kind: 'none' });
    const repeated = await eventually(async () => {
      const answer = await kkm().pay(request, key);
      expect(answer.status).toBe(201);
      return answer.body;
    }, 30_000);
    await kkm().until(repeated.id, 'succeeded', 30_000);
    expect(await salesOf(1_700)).toBe(1);
  });
});
