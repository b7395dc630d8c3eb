import { randomUUID } from 'node:crypto';
import { exchanges, queues } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import type { ParkedSummary } from '@kkm/core';
import { describeWith, eventually, pause } from '@kkm/testkit';
import { GatewayUnderTest } from '../testing/gateway-under-test';

describeWith(['broker', 'database'], 'requests by message', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
    await gateway.followTerminal('club-1', 'pax-1');
  });
  afterAll(() => gateway.stop());

  const send = async (what: string, data: unknown, more: { readonly id?: string; readonly routingKey?: string; readonly type?: string } = {}) => {
    const id = more.id ?? randomUUID();
    const body = { specversion: '1.0', id, source: 'icafecloud', type: more.type ?? `icafecloud.${what}.v1`, data };
    const routingKey = more.routingKey ?? `club-1.${what}`;
    await gateway.servers.outside.publish({ exchange: exchanges.ingress, routingKey, body, messageId: id, contentType: 'application/cloudevents+json' });
    return id;
  };
  const order = (orderId: string) => ({ siteId: 'club-1', orderId, amount: 15_000, currency: 'RUB', registerId: 'desk-1' });
  const paymentOf = (orderId: string) =>
    eventually(() => {
      const found = [...gateway.ledger.payments.values()].find((payment) => payment.orderId === orderId);
      if (!found) throw new Error(`no payment of ${orderId}`);
      return found;
    });
  const rejectionOf = (requestId: string) =>
    eventually(() => {
      const found = gateway.ledger.rejected.find((rejected) => rejected.requestId === requestId);
      if (!found) throw new Error(`no rejection of ${requestId}`);
      return found;
    });

  it('opens a payment and puts its command on the terminal’s queue', async () => {
    await send('payment.requested', order('m-1'));
    const payment = await paymentOf('m-1');
    await eventually(async () => expect((await gateway.nextCommand('club-1', 'pax-1')).paymentId).toBe(payment.id));
  });

  it('opens one payment for any number of repeats, by message or HTTP', async () => {
    const id = randomUUID();
    for (let i = 0; i < 5; i += 1) await send('payment.requested', order('m-2'), { id });
    const payment = await paymentOf('m-2');
    await eventually(async () => {
      const http = await gateway.pay(order('m-2'), { idempotencyKey: id });
      expect([http.status, http.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
      expect(http.body).toMatchObject({ id: payment.id });
    });
    expect([...gateway.ledger.payments.values()].filter(({ orderId }) => orderId === 'm-2')).toHaveLength(1);
  });

  it('holds a repeat while the first is still being opened, instead of rejecting it', async () => {
    let release = (): void => undefined;
    gateway.ledger.delays.set('payments.open', new Promise((resolve) => (release = resolve)));
    const id = randomUUID();
    for (let i = 0; i < 3; i += 1) await send('payment.requested', order('m-slow'), { id });
    await pause(200);
    release();
    gateway.ledger.delays.clear();
    await paymentOf('m-slow');
    await eventually(async () =>
      expect(await gateway.servers.broker.management.queues()).toContainEqual(expect.objectContaining({ name: queues.gatewayIngress, messages: 0 })),
    );
    expect(gateway.ledger.rejected.some(({ requestId }) => requestId === id)).toBe(false);
  });

  it('redoes and cancels, naming the payment by id or by site and order', async () => {
    await send('payment.requested', order('m-3'));
    const { id } = await paymentOf('m-3');
    await gateway.ledger.end(id, 'declined', 'declined');
    await send('redo.requested', { paymentId: id });
    await eventually(() => expect(gateway.ledger.payments.get(id)?.attempts).toHaveLength(2));
    await gateway.ledger.end(id, 'declined', 'declined');
    await send('redo.requested', { siteId: 'club-1', orderId: 'm-3', method: 'card', expiresIn: 60 });
    await eventually(() => expect(gateway.ledger.payments.get(id)?.attempts).toHaveLength(3));
    await send('payment.requested', order('m-4'));
    await paymentOf('m-4');
    await send('cancel.requested', { siteId: 'club-1', orderId: 'm-4' });
    await eventually(async () => expect((await paymentOf('m-4')).status).toBe('cancelled'));
  });

  it('refunds, once for any number of repeats, naming the payment by id or by site and order', async () => {
    await send('payment.requested', order('m-5'));
    const { id } = await paymentOf('m-5');
    await gateway.ledger.end(id, 'approved', 'succeeded');
    const message = randomUUID();
    for (let i = 0; i < 3; i += 1)
      await send('refund.requested', { siteId: 'club-1', orderId: 'm-5', amount: 5_000, reason: 'One hour less' }, { id: message });
    await eventually(() => expect(gateway.ledger.payments.get(id)?.attempts.at(-1)).toMatchObject({ operation: 'refund', amount: 5_000 }));
    await gateway.ledger.end(id, 'approved', 'refunded');
    await send('refund.requested', { paymentId: id });
    await eventually(() => expect(gateway.ledger.payments.get(id)?.attempts.at(-1)).toMatchObject({ operation: 'refund', amount: 10_000 }));
    expect(gateway.ledger.payments.get(id)?.attempts).toHaveLength(3);
    expect(gateway.ledger.refunds.find(({ paymentId }) => paymentId === id)).toMatchObject({
      reason: 'One hour less',
      by: { kind: 'message', id: message, name: 'icafecloud' },
    });
  });

  it.each([
    ['an amount that is none', 'payment.requested', { ...order('bad-1'), amount: -1 }, {}, 'request.invalid', 'bad-1'],
    ['an unknown register', 'payment.requested', { ...order('bad-2'), registerId: 'desk-9' }, {}, 'equipment.not_found', 'bad-2'],
    ['another site than its routing key', 'payment.requested', order('bad-3'), { routingKey: 'club-2.payment.requested' }, 'auth.forbidden', 'bad-3'],
    ['another routing key than its type’s', 'payment.requested', order('bad-4'), { routingKey: 'club-1.cancel.requested' }, 'request.invalid', 'bad-4'],
    ['an unknown type', 'payment.requested', order('bad-5'), { type: 'icafecloud.payment.wished.v1' }, 'message.unknown_type', 'bad-5'],
    ['no data', 'payment.requested', undefined, {}, 'request.invalid', null],
    ['a payment that does not exist', 'redo.requested', { paymentId: 'pay_none' }, {}, 'payment.not_found', null],
    ['two names for the payment', 'cancel.requested', { paymentId: 'pay_1', orderId: 'm-1' }, {}, 'request.invalid', 'm-1'],
    ['no name for the payment', 'cancel.requested', {}, {}, 'request.invalid', null],
    ['a refund of what was never charged', 'refund.requested', { paymentId: 'pay_1', amount: 5, reason: 'x' }, {}, 'payment.not_refundable', null],
    ['a refund of nothing', 'refund.requested', { paymentId: 'pay_1', amount: 0 }, {}, 'request.invalid', null],
  ])('answers %s by a rejection and parks the message', async (_what, what, data, more, code, orderId) => {
    const id = await send(what, data, more);
    const rejected = await rejectionOf(id);
    expect([rejected.problem.code, rejected.orderId, rejected.siteId]).toEqual([code, orderId, expect.stringMatching(/^club-/)]);
    const parked = await eventually(async () => {
      const { body } = await gateway.ask<{ parkedMessages: ParkedSummary[] }>('GET', '/v1/parked-messages');
      const found = body.parkedMessages.find(({ messageId }) => messageId === id);
      if (!found) throw new Error('nothing was parked');
      return found;
    });
    expect(parked.reason).toBe(code);
  });

  it('answers a message that is no CloudEvent', async () => {
    await gateway.servers.outside.publish({ exchange: exchanges.ingress, routingKey: 'club-1.payment.requested', body: [1, 2], messageId: 'odd-1' });
    expect(await rejectionOf('odd-1')).toMatchObject({ siteId: 'club-1', orderId: null, problem: { code: 'request.invalid' } });
  });

  it('rejects the same request with the same answer when its order is busy', async () => {
    const id = await send('payment.requested', { ...order('m-6'), amount: 1 });
    await paymentOf('m-6');
    const other = await send('payment.requested', { ...order('m-6'), amount: 2 }, { id });
    expect((await rejectionOf(other)).problem).toMatchObject({ code: 'idempotency.key_reused', status: 422 });
  });

  it('holds a message while the ledger is away, and loses nothing', async () => {
    gateway.ledger.failures.set('payments.open', new Unavailable('ledger.unavailable'));
    await send('payment.requested', order('m-7'));
    await pause(300);
    expect([...gateway.ledger.payments.values()].some(({ orderId }) => orderId === 'm-7')).toBe(false);
    gateway.ledger.failures.clear();
    await eventually(() => paymentOf('m-7'), 10_000);
  });

  it('holds a message whose rejection cannot be recorded', async () => {
    gateway.ledger.failures.set('payments.reject', new Unavailable('ledger.unavailable'));
    const id = await send('payment.requested', { ...order('m-8'), amount: 0 });
    await pause(300);
    expect(gateway.ledger.rejected.some(({ requestId }) => requestId === id)).toBe(false);
    gateway.ledger.failures.clear();
    await eventually(() => rejectionOf(id), 10_000);
  });
});
