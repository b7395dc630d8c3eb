import { randomUUID } from 'node:crypto';
import { exchanges } from '@kkm/contracts';
import { terminalQueue } from '@kkm/core';
import type { ParkedSummary, Payment } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
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

  const parkedAs = (messageId: string): Promise<ParkedSummary> =>
    eventually(async () => {
      const { body } = await kkm().call<{ parkedMessages: ParkedSummary[] }>('GET', '/v1/parked-messages?state=parked');
      const parked = body.parkedMessages.find((one) => one.messageId === messageId);
      if (!parked) throw new Error(`${messageId} is not parked yet`);
      return parked;
    }, 10_000);

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
    expect(await parkedAs(id)).toMatchObject({ reason: 'request.invalid', siteId: kkm().stack.siteId, notReplayable: null });
  });

  it('charges nobody by the replay of a parked command: not who has paid since, nor who has left', async () => {
    const { siteId, place } = kkm().stack;
    const paid = await kkm().pay();
    await kkm().until(paid.body.id, 'succeeded');
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const waiting = await kkm().pay();
    await kkm().untilAsksForCard();
    const left = await kkm().pay({ expiresIn: 5 });
    await kkm().until(left.body.id, 'expired');
    await kkm().cancel(waiting.body.id);
    await kkm().until(waiting.body.id, 'cancelled');
    await kkm().terminals.behave('pax-1', {});
    const sales = (await kkm().terminals.books()).length;
    const payments = [paid, left, waiting].map(({ body }) => body);
    await parkCommands(payments);
    for (const { attempts } of payments) {
      const { id } = await parkedAs(String(attempts[0]?.id));
      expect((await kkm().call('POST', `/v1/parked-messages/${id}/replay`)).status).toBe(200);
    }
    const management = new BrokerManagement(String(readTestServers().amqpManagementUrl), place.vhost);
    await eventually(async () =>
      expect(await management.queues()).toContainEqual(expect.objectContaining({ name: terminalQueue(siteId, 'pax-1'), messages: 0 })),
    );
    expect(await kkm().terminals.books()).toHaveLength(sales);
    expect(await Promise.all(payments.map(async ({ id }) => (await kkm().read(id)).status))).toEqual(['succeeded', 'expired', 'cancelled']);
    expect(
      (await kkm().call<{ parkedMessages: ParkedSummary[] }>('GET', '/v1/parked-messages?state=parked')).body.parkedMessages.map(({ queue }) => queue),
    ).not.toContain(terminalQueue(siteId, 'pax-1'));
  });

  /** Parks the commands of payments as a service would that could do nothing with them. What they say of their time is not what decides. */
  async function parkCommands(payments: readonly Payment[]): Promise<void> {
    const { siteId, place } = kkm().stack;
    const broker = await connectBroker({ url: place.amqpUrl, name: 'e2e parking' });
    for (const { id, amount, currency, attempts } of payments) {
      const attemptId = String(attempts[0]?.id);
      const command = { attemptId, paymentId: id, siteId, terminalId: 'pax-1', operation: 'sale', method: 'card', amount, currency, original: null };
      await broker.publish({
        exchange: exchanges.parked,
        routingKey: `${siteId}.pax-1`,
        messageId: attemptId,
        body: { ...command, expiresAt: '2099-01-01T00:00:00.000Z' },
        headers: {
          'x-park-reason': 'handler.fault',
          'x-original-exchange': exchanges.commands,
          'x-original-routing-key': `${siteId}.pax-1`,
          'x-original-queue': terminalQueue(siteId, 'pax-1'),
        },
      });
    }
    await broker.close();
  }
});
