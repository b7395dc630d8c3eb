import { randomUUID } from 'node:crypto';
import { describeKkm } from './harness/describe-kkm';

describeKkm('the same request and the same bill', { suite: 'same-bill', terminals: 2 }, (kkm) => {
  beforeEach(async () => {
    for (const { id } of kkm().stack.terminals) await kkm().terminals.behave(id, {});
  });

  it('answers a repeat with the same payment and says so', async () => {
    const key = { 'idempotency-key': `"${randomUUID()}"` };
    const orderId = kkm().newOrder();
    const first = await kkm().pay({ orderId }, key);
    await kkm().until(first.body.id, 'succeeded');
    const repeat = await kkm().pay({ orderId }, key);
    expect(repeat).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect(repeat.headers.get('idempotency-replayed')).toBe('true');
    expect(await kkm().pay({ orderId, amount: 15_001 }, key)).toMatchObject({ status: 422, body: { code: 'idempotency.key_reused' } });
    expect(await kkm().pay({ orderId }, { 'idempotency-key': '' })).toMatchObject({ status: 400, body: { code: 'idempotency.key_missing' } });
  });

  it('makes one payment of sixteen simultaneous repeats', async () => {
    const key = { 'idempotency-key': `"${randomUUID()}"` };
    const orderId = kkm().newOrder();
    const answers = await Promise.all(Array.from({ length: 16 }, () => kkm().pay({ orderId }, key)));
    const opened = answers.filter(({ status }) => status === 201);
    expect(opened.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(new Set(opened.map(({ body }) => body.id)).size).toBe(1);
    await kkm().until(opened[0]?.body.id ?? '', 'succeeded');
    expect((await kkm().payments()).filter((payment) => payment.orderId === orderId)).toHaveLength(1);
  });

  it('refuses a second payment of an order that is open or charged, unless it is meant', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const orderId = kkm().newOrder();
    const first = await kkm().pay({ orderId });
    await kkm().untilAsksForCard();
    expect(await kkm().pay({ orderId, terminalId: 'pax-2' })).toMatchObject({ status: 409, body: { code: 'payment.order_busy' } });
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    await kkm().until(first.body.id, 'succeeded');
    expect(await kkm().pay({ orderId, terminalId: 'pax-2' })).toMatchObject({ status: 409, body: { code: 'payment.order_charged' } });
    const additional = await kkm().pay({ orderId, terminalId: 'pax-2', additional: true }, { prefer: 'wait=20' });
    expect(additional.body).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
  });
});
