import { randomUUID } from 'node:crypto';
import { queues } from '@kkm/contracts';
import { BrokerManagement, eventually, readTestServers } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('the AMQP door', { suite: 'amqp-door', terminals: 1 }, (kkm) => {
  beforeEach(() => kkm().terminals.behave('pax-1', {}));

  const request = (what: 'payment' | 'redo' | 'cancel', data: unknown, id: string = randomUUID()): Promise<void> =>
    kkm().events.request(kkm().stack.siteId, what, { id, data });
  const newPayment = (orderId: string): Record<string, unknown> => ({
    siteId: kkm().stack.siteId,
    orderId,
    amount: 15_000,
    currency: 'RUB',
    method: 'card',
    registerId: 'desk-1',
  });
  const paymentOf = (orderId: string): ReturnType<ReturnType<typeof kkm>['read']> =>
    eventually(async () => {
      const payment = (await kkm().payments()).find((one) => one.orderId === orderId);
      if (!payment) throw new Error(`There is no payment of ${orderId} yet`);
      return payment;
    });

  it('takes a payment from a message and tells its end by events, in order', async () => {
    const orderId = kkm().newOrder();
    await request('payment', newPayment(orderId));
    const { id } = await paymentOf(orderId);
    await eventually(() => {
      expect(kkm().events.namesOf(id)).toEqual(['accepted', 'started', 'succeeded']);
    }, 15_000);
    expect(kkm().events.lastOf(id)).toMatchObject({ orderId, status: 'succeeded', chargedAmount: 15_000 });
  });

  it('takes the same message twice as one payment', async () => {
    const orderId = kkm().newOrder();
    const id = randomUUID();
    await Promise.all([request('payment', newPayment(orderId), id), request('payment', newPayment(orderId), id)]);
    const payment = await paymentOf(orderId);
    await kkm().until(payment.id, 'succeeded');
    expect((await kkm().payments()).filter((one) => one.orderId === orderId)).toHaveLength(1);
  });

  it('redoes a declined payment named by site and order', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'decline' });
    const orderId = kkm().newOrder();
    await request('payment', newPayment(orderId));
    const { id } = await paymentOf(orderId);
    await kkm().until(id, 'declined');
    await kkm().terminals.behave('pax-1', {});
    await request('redo', { siteId: kkm().stack.siteId, orderId });
    expect((await kkm().until(id, 'succeeded')).attempts).toHaveLength(2);
  });

  it('cancels a payment that waits for the card', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const orderId = kkm().newOrder();
    await request('payment', newPayment(orderId));
    const { id } = await paymentOf(orderId);
    await kkm().untilAsksForCard();
    await request('cancel', { paymentId: id });
    expect(await kkm().until(id, 'cancelled')).toMatchObject({ chargedAmount: 0 });
  });

  it('parks a message that can never succeed and tells why by payment.rejected', async () => {
    const id = randomUUID();
    await request('payment', { ...newPayment(kkm().newOrder()), amount: -1 }, id);
    await eventually(() => {
      expect(
        kkm()
          .events.all()
          .find(({ subject }) => subject === id),
      ).toMatchObject({ type: 'kkm.payment.rejected.v1', data: { requestId: id, problem: { code: 'request.invalid' } } });
    }, 10_000);
    const { amqpManagementUrl } = readTestServers();
    const management = new BrokerManagement(String(amqpManagementUrl), kkm().stack.place.vhost);
    await eventually(async () => {
      const parked = await management.take(queues.parked);
      expect(parked.some(({ payload }) => payload.includes(id))).toBe(true);
    }, 10_000);
  });
});
