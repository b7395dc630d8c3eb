import { randomUUID } from 'node:crypto';
import { describeWith, eventually, pause } from '@kkm/testkit';
import { Rejected, Unavailable } from '@kkm/core';
import type { Payment } from '@kkm/core';
import type { Problem } from '@kkm/contracts';
import { GatewayUnderTest } from '../testing/gateway-under-test';

describeWith(['broker', 'database'], 'payments over HTTP', () => {
  let gateway: GatewayUnderTest;
  let orders = 0;
  const order = (more: object = {}) => ({ siteId: 'club-1', orderId: `o-${(orders += 1)}`, amount: 15_000, currency: 'RUB', registerId: 'desk-1', ...more });

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
    await gateway.followTerminal('club-1', 'pax-1');
  });
  afterAll(() => gateway.stop());
  afterEach(() => {
    gateway.ledger.failures.clear();
    gateway.ledger.delays.clear();
  });

  it('opens a payment, puts the command on the terminal’s queue and tells where it is', async () => {
    const { status, headers, body } = await gateway.pay<Payment>(order({ metadata: { memberId: '42' } }));
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/payments/${body.id}`);
    expect(headers.get('idempotency-replayed')).toBeNull();
    expect(body).toMatchObject({
      siteId: 'club-1',
      terminalId: 'pax-1',
      method: 'card_or_sbp_qr',
      status: 'pending',
      amount: 15_000,
      metadata: { memberId: '42' },
    });
    expect(await gateway.nextCommand('club-1', 'pax-1')).toMatchObject({
      paymentId: body.id,
      attemptId: body.attempts[0]?.id,
      amount: 15_000,
      operation: 'sale',
    });
  });

  it('tells the ledger what the site wants of late approvals, as it is set at that moment', async () => {
    const [before, after] = [order(), order()];
    await gateway.pay<Payment>(before);
    expect((await gateway.ask('PATCH', '/v1/sites/club-1', { body: { lateApproval: 'void' } })).status).toBe(200);
    await gateway.pay<Payment>(after);
    await gateway.ask('PATCH', '/v1/sites/club-1', { body: { lateApproval: 'keep' } });
    expect([before, after].map(({ orderId }) => gateway.ledger.lateApprovals.get(orderId))).toEqual(['keep', 'void']);
    for (const _order of [before, after]) await gateway.nextCommand('club-1', 'pax-1');
  });

  it('opens a test, tells the ledger, and finds tests by their purpose', async () => {
    const { body } = await gateway.pay<Payment>({ ...order(), purpose: 'test' });
    expect([body.purpose, (await gateway.pay<Payment>(order())).body.purpose]).toEqual(['test', 'sale']);
    const tests = await gateway.ask<{ payments: Payment[] }>('GET', '/v1/payments?purpose=test');
    expect(tests.body.payments.map(({ id }) => id)).toEqual([body.id]);
    expect((await gateway.pay<Problem>({ ...order(), purpose: 'joke' })).status).toBe(422);
    for (const _order of ['test', 'sale']) await gateway.nextCommand('club-1', 'pax-1');
  });

  it('answers a repeat alike, marks it, and publishes again while nothing has begun', async () => {
    const body = order();
    const first = await gateway.pay<Payment>(body, { idempotencyKey: 'repeat-1' });
    await gateway.nextCommand('club-1', 'pax-1');
    const again = await gateway.pay<Payment>(body, { headers: { 'idempotency-key': 'repeat-1' } });
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.body).toEqual(first.body);
    expect((await gateway.nextCommand('club-1', 'pax-1')).paymentId).toBe(first.body.id);
    await gateway.ledger.end(first.body.id, 'approved', 'succeeded');
    const late = await gateway.pay<Payment>(body, { idempotencyKey: 'repeat-1' });
    expect(late.body).toMatchObject({ id: first.body.id, status: 'succeeded' });
    await expect(gateway.nextCommand('club-1', 'pax-1')).rejects.toThrow('no command');
  });

  it('answers a repeat whose members are written in another order, and refuses another body', async () => {
    const body = order();
    const { body: first } = await gateway.pay<Payment>(body, { idempotencyKey: 'order-1' });
    const turned = Object.fromEntries(Object.entries(body).reverse());
    expect((await gateway.pay<Payment>(turned, { idempotencyKey: 'order-1' })).body.id).toBe(first.id);
    const other = await gateway.pay<Problem>({ ...body, amount: 1 }, { idempotencyKey: 'order-1' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.key_reused']);
  });

  it('answers a repeat although the register’s setting has changed meanwhile', async () => {
    const body = order();
    const { body: first } = await gateway.pay<Payment>(body, { idempotencyKey: 'changed-1' });
    const off = await gateway.ask('PUT', '/v1/registers/desk-1/automatic-acquiring', { body: { option: 'none', terminalId: null } });
    expect(off.status).toBe(200);
    const again = await gateway.pay<Payment>(body, { idempotencyKey: 'changed-1' });
    expect([again.status, again.body.id]).toEqual([201, first.id]);
    const fresh = await gateway.pay<Problem>(order());
    expect([fresh.status, fresh.body.code]).toEqual([422, 'equipment.no_terminal']);
    await gateway.ask('PUT', '/v1/registers/desk-1/automatic-acquiring', { body: { option: 'card_or_sbp_qr', terminalId: 'pax-1' } });
  });

  it.each([
    ['none', {}, 400, 'idempotency.key_missing'],
    ['an empty one', { 'idempotency-key': '""' }, 400, 'idempotency.key_missing'],
    ['two', { 'idempotency-key': '"a", "b"' }, 400, 'request.malformed'],
    ['an unfinished one', { 'idempotency-key': '"a' }, 400, 'request.malformed'],
    ['too long a one', { 'idempotency-key': 'x'.repeat(256) }, 400, 'request.malformed'],
  ])('refuses a request with %s for a key', async (_what, headers, status, code) => {
    const answer = await gateway.ask<Problem>('POST', '/v1/payments', { body: order(), headers });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('tells a repeat to come back while the first is still being opened', async () => {
    let release = (): void => undefined;
    gateway.ledger.delays.set('payments.open', new Promise((resolve) => (release = resolve)));
    const body = order();
    const first = gateway.pay<Payment>(body, { idempotencyKey: 'slow-1' });
    await eventually(async () => {
      const second = await gateway.pay<Problem>(body, { idempotencyKey: 'slow-1' });
      expect([second.status, second.body.code, second.headers.get('retry-after')]).toEqual([409, 'idempotency.in_progress', '1']);
      release();
    });
    expect((await first).status).toBe(201);
  });

  it.each([
    ['an amount of zero', { amount: 0 }, '#/amount'],
    ['an amount above eight digits', { amount: 100_000_000 }, '#/amount'],
    ['roubles', { amount: 150.5 }, '#/amount'],
    ['text for an amount', { amount: '15000' }, '#/amount'],
    ['another currency', { currency: 'USD' }, '#/currency'],
    ['a member nobody knows', { tip: 5 }, '#/tip'],
    ['too short a time', { expiresIn: 4 }, '#/expiresIn'],
    ['too long a time', { expiresIn: 901 }, '#/expiresIn'],
    ['control characters', { orderId: 'a\u0000b' }, '#/orderId'],
    ['half a surrogate pair', { orderId: 'a\ud800' }, '#/orderId'],
    ['21 pairs of metadata', { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, 'v'])) }, '#/metadata'],
    ['metadata that is no text', { metadata: { n: 5 } }, '#/metadata/n'],
  ])('refuses %s and points at it', async (_what, more, pointer) => {
    const { status, body } = await gateway.pay<Problem>(order(more));
    expect([status, body.code, body.errors?.map((fault) => fault.pointer)]).toEqual([422, 'request.invalid', [pointer]]);
  });

  it.each([
    ['an unknown register', { registerId: 'desk-9' }, 404, 'equipment.not_found'],
    ['an unknown terminal', { terminalId: 'pax-9' }, 404, 'equipment.not_found'],
    ['an unknown site', { siteId: 'club-9' }, 404, 'equipment.not_found'],
    ['neither register nor terminal', { registerId: undefined }, 422, 'equipment.no_terminal'],
  ])('refuses %s', async (_what, more, status, code) => {
    const answer = await gateway.pay<Problem>(order(more));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('lets the ledger refuse', async () => {
    gateway.ledger.failures.set('payments.open', new Rejected('payment.order_busy', { detail: 'pay_7 is open.' }));
    const { status, body } = await gateway.pay<Problem>(order());
    expect([status, body.code, body.detail]).toEqual([409, 'payment.order_busy', 'pay_7 is open.']);
  });

  it('says when the ledger does not answer, and when to come back', async () => {
    gateway.ledger.failures.set('payments.open', new Unavailable('ledger.unavailable'));
    const { status, headers, body } = await gateway.pay<Problem>(order());
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'ledger.unavailable', '2']);
  });

  it('repairs a terminal’s queue that somebody deleted', async () => {
    await gateway.ask('POST', '/v1/terminals', {
      body: { id: 'pax-lost', siteId: 'club-1', name: 'x', driver: 'inpas-sa', transport: { kind: 'tcp', mode: 'connect', host: 'x', port: 1 } },
    });
    await gateway.servers.broker.management.deleteQueue('terminal.club-1.pax-lost');
    const body = order({ terminalId: 'pax-lost' });
    const answers = await eventually(async () => {
      const answer = await gateway.pay<Payment>(body, { idempotencyKey: 'lost-1' });
      expect(answer.status).toBe(201);
      return answer;
    });
    expect((await gateway.nextCommand('club-1', 'pax-lost')).paymentId).toBe(answers.body.id);
  });

  it('holds the answer until the payment is final', async () => {
    const asked = gateway.pay<Payment>(order(), { idempotencyKey: 'wait-1', headers: { prefer: 'respond-async, wait=20' } });
    const payment = await eventually(() => {
      const found = [...gateway.ledger.payments.values()].at(-1);
      expect(found?.orderId).toBe(`o-${orders}`);
      return found as Payment;
    });
    await gateway.ledger.end(payment.id, 'approved', 'succeeded');
    const { status, headers, body } = await asked;
    expect([status, headers.get('preference-applied'), body.status, body.chargedAmount]).toEqual([201, 'wait=20', 'succeeded', 15_000]);
  });

  it('answers with the state there is when the seconds have passed', async () => {
    const startedMs = performance.now();
    const { body } = await gateway.pay<Payment>(order(), { headers: { prefer: 'wait=1' } });
    expect(body.status).toBe('pending');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
  });

  it('finds an end whose event was missed', async () => {
    const { body } = await gateway.pay<Payment>(order());
    gateway.ledger.payments.set(body.id, { ...body, status: 'declined', sequence: 3 });
    const silent = gateway.ask<Payment>('GET', `/v1/payments/${body.id}`, { headers: { prefer: 'wait=30' } });
    expect((await silent).body.status).toBe('declined');
  });

  it('forgets a caller who went away, and the payment goes on', async () => {
    const { body } = await gateway.pay<Payment>(order());
    const stop = new AbortController();
    const waiting = gateway.ask('GET', `/v1/payments/${body.id}`, { headers: { prefer: 'wait=60' }, signal: stop.signal });
    await pause(50);
    stop.abort();
    await expect(waiting).rejects.toThrow();
    await gateway.ledger.end(body.id, 'approved', 'succeeded');
    expect((await gateway.ask<Payment>('GET', `/v1/payments/${body.id}`)).body.status).toBe('succeeded');
  });

  it.each(['pay_unknown', '%00', 'a%2Fb', 'ж'.repeat(30)])('knows no payment %s', async (id) => {
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/redo'],
      ['POST', '/cancel'],
    ] as const) {
      const { status, body } = await gateway.ask<Problem>(method, `/v1/payments/${id}${path}`, { headers: { 'idempotency-key': randomUUID() } });
      expect([method, path, status, body.code]).toEqual([method, path, 404, 'payment.not_found']);
    }
  });

  it('redoes a declined payment on the same bill', async () => {
    const { body: declined } = await gateway.pay<Payment>(order());
    await gateway.ledger.end(declined.id, 'declined', 'declined');
    const key = randomUUID();
    const redone = await gateway.ask<Payment>('POST', `/v1/payments/${declined.id}/redo`, { body: { method: 'card' }, headers: { 'idempotency-key': key } });
    expect([redone.status, redone.body.id, redone.body.attempts.length, redone.body.attempts[1]?.method]).toEqual([200, declined.id, 2, 'card']);
    const again = await gateway.ask<Payment>('POST', `/v1/payments/${declined.id}/redo`, { body: { method: 'card' }, headers: { 'idempotency-key': key } });
    expect([again.headers.get('idempotency-replayed'), again.body.attempts.length]).toEqual(['true', 2]);
    await eventually(async () => expect((await gateway.nextCommand('club-1', 'pax-1')).attemptId).toBe(redone.body.attempts[1]?.id));
  });

  it('refuses a redo while the payment is open, without a key, or on a terminal that is not there', async () => {
    const { body } = await gateway.pay<Payment>(order());
    const redo = (ask: object, headers = {}) => gateway.ask<Problem>('POST', `/v1/payments/${body.id}/redo`, { body: ask, headers });
    const withKey = { 'idempotency-key': randomUUID() };
    expect((await redo({}, withKey)).body.code).toBe('payment.not_redoable');
    expect((await redo({})).body.code).toBe('idempotency.key_missing');
    expect((await redo({ terminalId: 'pax-9' }, { 'idempotency-key': randomUUID() })).body.code).toBe('equipment.not_found');
    expect((await redo({ amount: 0 }, { 'idempotency-key': randomUUID() })).body.code).toBe('request.invalid');
  });

  it('cancels what is queued, and hints at the terminal when it is driven', async () => {
    const { body: queued } = await gateway.pay<Payment>(order());
    const cancelled = await gateway.ask<Payment>('POST', `/v1/payments/${queued.id}/cancel`);
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);

    const hints: unknown[] = [];
    await gateway.servers.outside.consume('terminal.club-1.pax-1.control', { prefetch: 5 }, ({ body }) => {
      hints.push(body);
      return Promise.resolve('done');
    });
    const { body: driven } = await gateway.pay<Payment>(order());
    await gateway.ledger.end(driven.id, 'granted', 'started');
    const asked = await gateway.ask<Payment>('POST', `/v1/payments/${driven.id}/cancel`, { body: {} });
    expect(asked.body.cancelRequested).toBe('pending');
    await eventually(() => expect(hints).toContainEqual({ kind: 'cancel', attemptId: driven.attempts[0]?.id }));

    await gateway.ledger.end(driven.id, 'approved', 'succeeded');
    const late = await gateway.ask<Problem>('POST', `/v1/payments/${driven.id}/cancel`);
    expect([late.status, late.body.code]).toEqual([409, 'payment.not_cancellable']);
  });
});
