import type { Problem } from '@kkm/contracts';
import type { Payment, Verdict } from '@kkm/core';
import { describeWith } from '@kkm/testkit';
import { GatewayUnderTest } from '../testing/gateway-under-test';
import { makeUser, signedIn } from '../testing/people-under-test';

describeWith(['broker', 'database'], 'what people decide over HTTP', () => {
  let gateway: GatewayUnderTest;
  let orders = 0;

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
  });
  afterAll(() => gateway.stop());

  async function inDoubt(): Promise<Payment> {
    const body = { siteId: 'club-1', orderId: `o-${(orders += 1)}`, amount: 15_000, currency: 'RUB', registerId: 'desk-1' };
    const { body: payment } = await gateway.pay<Payment>(body);
    return gateway.ledger.end(payment.id, 'unknown', 'in_doubt');
  }
  const resolve = <B = Payment>(id: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    gateway.ask<B>('POST', `/v1/payments/${id}/resolution`, { body, headers });

  it('hands a decision to the ledger with who made it', async () => {
    const { id } = await inDoubt();
    const { status, body } = await resolve(id, { charged: true, chargedAmount: 14_000, evidence: 'the bank’s list\nline 2' });
    expect([status, body.status]).toEqual([200, 'succeeded']);
    expect(body.attempts[0]?.resolvedBy).toMatchObject({ charged: true, chargedAmount: 14_000, by: { kind: 'api_key', name: 'first key' } });
    expect(gateway.ledger.resolutions.at(-1)).toMatchObject({ scope: null, attemptId: null, chargedAmount: 14_000, idempotency: null });
    expect((await resolve<Problem>(id, { charged: false, evidence: 'another' })).body.code).toBe('payment.not_in_doubt');
  });

  it('takes an idempotency key where one is sent, and the attempt that is meant', async () => {
    const { id, attempts } = await inDoubt();
    await resolve(id, { charged: false, evidence: 'no slip', attemptId: attempts[0]?.id }, { 'idempotency-key': '"decision-1"' });
    const { idempotency, attemptId } = gateway.ledger.resolutions.at(-1) ?? {};
    expect([attemptId, idempotency?.key, idempotency?.fingerprint]).toEqual([attempts[0]?.id, 'decision-1', expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it.each([
    ['no evidence', { charged: true }],
    ['empty evidence', { charged: true, evidence: '' }],
    ['evidence that says nothing', { charged: true, evidence: ' \n ' }],
    ['too much evidence', { charged: true, evidence: 'x'.repeat(2_001) }],
    ['control characters', { charged: true, evidence: 'a\u0000b' }],
    ['an amount of what was not charged', { charged: false, chargedAmount: 1, evidence: 'x' }],
    ['an amount of nothing', { charged: true, chargedAmount: 0, evidence: 'x' }],
    ['no decision', { evidence: 'x' }],
    ['an unknown member', { charged: true, evidence: 'x', force: true }],
  ])('refuses a decision with %s', async (_what, body) => {
    const { id } = await inDoubt();
    expect(await resolve<Problem>(id, body)).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
  });

  it('takes the decision of a user by his name, and of a key that may decide and nothing else', async () => {
    const boss = await signedIn(gateway, await makeUser(gateway, { name: 'Boss', role: 'manager', siteId: 'club-1' }));
    const first = await inDoubt();
    const decided = await boss.ask<Payment>('POST', `/v1/payments/${first.id}/resolution`, { body: { charged: false, evidence: 'no slip' } });
    expect(decided.body.attempts[0]?.resolvedBy).toMatchObject({ by: { kind: 'user', name: 'Boss' } });
    const { key } = (await gateway.ask<{ key: string }>('POST', '/v1/api-keys', { body: { name: 'decides', scopes: ['payments:resolve'] } })).body;
    const second = await inDoubt();
    expect((await gateway.ask('POST', `/v1/payments/${second.id}/resolution`, { key, body: { charged: false, evidence: 'no slip' } })).status).toBe(200);
    expect((await gateway.ask('GET', `/v1/payments/${second.id}`, { key })).status).toBe(403);
  });

  it('lets nobody decide who may not', async () => {
    const { id } = await inDoubt();
    const body = { name: 'desk', siteId: 'club-1', scopes: ['payments:write', 'payments:read', 'equipment:write', 'ledger:read'] };
    const { key } = (await gateway.ask<{ key: string }>('POST', '/v1/api-keys', { body })).body;
    const answer = await gateway.ask<Problem>('POST', `/v1/payments/${id}/resolution`, { key, body: { charged: true, evidence: 'x' } });
    expect([answer.status, answer.body.code]).toEqual([403, 'auth.forbidden']);
    expect((await gateway.ask('GET', `/v1/payments/${id}/verdict`, { key })).status).toBe(200);
  });

  it('says whether the customer was charged', async () => {
    const { id } = await inDoubt();
    const doubted = await gateway.ask<Verdict>('GET', `/v1/payments/${id}/verdict`);
    expect(doubted).toMatchObject({ status: 200, body: { paymentId: id, verdict: 'being_resolved', reasons: ['in_doubt'], chargedAmount: 0 } });
    await resolve(id, { charged: true, evidence: 'x' });
    expect((await gateway.ask<Verdict>('GET', `/v1/payments/${id}/verdict`)).body.text.ru).toContain('С гостя списано 150,00\u00a0₽.');
    expect((await gateway.ask<Problem>('GET', '/v1/payments/pay_none/verdict')).body.code).toBe('payment.not_found');
  });

  it('closes what has ended, with an empty body or none', async () => {
    const { id } = await inDoubt();
    await resolve(id, { charged: false, evidence: 'x' });
    for (const ask of [{}, { body: {} }]) expect((await gateway.ask<Payment>('POST', `/v1/payments/${id}/close`, ask)).body.closedAt).not.toBeNull();
    expect((await gateway.ask<Problem>('POST', `/v1/payments/${id}/close`, { body: { why: 'cash' } })).status).toBe(422);
    const open = await gateway.pay<Payment>({ siteId: 'club-1', orderId: 'still-open', amount: 1, currency: 'RUB', registerId: 'desk-1' });
    expect((await gateway.ask<Problem>('POST', `/v1/payments/${open.body.id}/close`)).body.code).toBe('payment.not_closable');
  });
});
