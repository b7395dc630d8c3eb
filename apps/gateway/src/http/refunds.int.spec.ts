import { randomUUID } from 'node:crypto';
import { describeWith, eventually } from '@kkm/testkit';
import { Rejected } from '@kkm/core';
import type { Payment } from '@kkm/core';
import type { ApiKey, Problem } from '@kkm/contracts';
import { GatewayUnderTest } from '../testing/gateway-under-test';
import type { Ask } from '../testing/gateway-under-test';

describeWith(['broker', 'database'], 'refunds, the other method and the way of SBP over HTTP', () => {
  let gateway: GatewayUnderTest;
  let orders = 0;
  const order = (more: object = {}) => ({ siteId: 'club-1', orderId: `r-${(orders += 1)}`, amount: 15_000, currency: 'RUB', registerId: 'desk-1', ...more });

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
    await gateway.followTerminal('club-1', 'pax-1');
  });
  afterAll(() => gateway.stop());
  afterEach(() => gateway.ledger.failures.clear());

  const pay = async (more: object = {}): Promise<Payment> => {
    const { body } = await gateway.pay<Payment>(order(more));
    await gateway.nextCommand('club-1', 'pax-1');
    return body;
  };
  const charged = async (): Promise<Payment> => gateway.ledger.end((await pay()).id, 'approved', 'succeeded');
  const refund = <B = Payment>(id: string, body: unknown, ask: Ask & { readonly idempotencyKey?: string } = {}) =>
    gateway.ask<B>('POST', `/v1/payments/${id}/refunds`, {
      ...ask,
      body,
      headers: { 'idempotency-key': `"${ask.idempotencyKey ?? randomUUID()}"`, ...ask.headers },
    });

  describe('a refund', () => {
    it('opens a return and sends its command to the terminal', async () => {
      const { id } = await charged();
      const answer = await refund(id, { amount: 5_000, reason: 'One hour less' });
      expect(answer).toMatchObject({ status: 200, body: { id, status: 'succeeded', refundedAmount: 0 } });
      expect(answer.body.attempts.at(-1)).toMatchObject({ operation: 'refund', amount: 5_000, status: 'queued' });
      expect(await gateway.nextCommand('club-1', 'pax-1')).toMatchObject({ paymentId: id, operation: 'refund', amount: 5_000 });
      expect(gateway.ledger.refunds.at(-1)).toMatchObject({ scope: null, amount: 5_000, reason: 'One hour less', by: { kind: 'api_key', name: 'first key' } });
    });

    it('gives back all that is left when no amount is named, with or without a body', async () => {
      const { id } = await charged();
      expect((await refund(id, undefined)).body.attempts.at(-1)).toMatchObject({ amount: 15_000 });
      expect(gateway.ledger.refunds.at(-1)).toMatchObject({ amount: null, reason: null });
      await gateway.nextCommand('club-1', 'pax-1');
    });

    it('is done once for any number of repeats with the same key, and marks them', async () => {
      const { id } = await charged();
      const first = await refund(id, { amount: 100 }, { idempotencyKey: 'refund-1' });
      const again = await refund(id, { amount: 100 }, { idempotencyKey: 'refund-1' });
      expect([first, again].map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual([
        [200, null],
        [200, 'true'],
      ]);
      expect(again.body.attempts).toHaveLength(2);
      expect((await refund<Problem>(id, { amount: 101 }, { idempotencyKey: 'refund-1' })).body.code).toBe('idempotency.key_reused');
      for (const _each of [first, again]) await gateway.nextCommand('club-1', 'pax-1');
    });

    it('needs a key of its own', async () => {
      const { id } = await charged();
      expect(await gateway.ask<Problem>('POST', `/v1/payments/${id}/refunds`, { body: {} })).toMatchObject({
        status: 400,
        body: { code: 'idempotency.key_missing' },
      });
    });

    it('holds the answer until the money is back, however the payment itself stands', async () => {
      const { id } = await charged();
      const waiting = refund(id, {}, { headers: { prefer: 'wait=20' } });
      await gateway.nextCommand('club-1', 'pax-1');
      await gateway.ledger.announce('accepted', (await gateway.ask<Payment>('GET', `/v1/payments/${id}`)).body); // Not yet: the refund is open.
      await gateway.ledger.end(id, 'approved', 'refunded');
      const { headers, body } = await waiting;
      expect(headers.get('preference-applied')).toBe('wait=20');
      expect(body).toMatchObject({ status: 'succeeded', refundedAmount: 15_000, attempts: [{}, { operation: 'refund', status: 'approved' }] });
    });

    it.each([
      ['more than is left', { amount: 15_001 }, 422, 'payment.refund_too_large'],
      ['nothing', { amount: 0 }, 422, 'request.invalid'],
      ['a part of a kopeck', { amount: 0.5 }, 422, 'request.invalid'],
      ['for no reason in words', { reason: ' ' }, 422, 'request.invalid'],
      ['with an unknown member', { method: 'card' }, 422, 'request.invalid'],
    ])('refuses to give back %s', async (_what, body, status, code) => {
      const { id } = await charged();
      expect(await refund<Problem>(id, body)).toMatchObject({ status, body: { code } });
    });

    it('refuses what was not charged, is nobody’s, or is another site’s', async () => {
      expect(await refund<Problem>((await pay()).id, {})).toMatchObject({ status: 409, body: { code: 'payment.not_refundable' } });
      expect(await refund<Problem>('pay_none', {})).toMatchObject({ status: 404, body: { code: 'payment.not_found' } });
      const { id } = await charged();
      const scopes = ['payments:read'];
      const reader = await gateway.ask<ApiKey & { key: string }>('POST', '/v1/api-keys', { body: { name: 'r', siteId: 'club-1', scopes } });
      expect(await refund<Problem>(id, {}, { key: reader.body.key })).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
      await gateway.ask('POST', '/v1/sites', { body: { id: 'club-2', name: 'Other' } });
      const body = { name: 'o', siteId: 'club-2', scopes: ['payments:write'] };
      const other = await gateway.ask<ApiKey & { key: string }>('POST', '/v1/api-keys', { body });
      expect(await refund<Problem>(id, {}, { key: other.body.key })).toMatchObject({ status: 404, body: { code: 'payment.not_found' } });
    });
  });

  describe('the other method', () => {
    it('is asked of the ledger, with the way of SBP, and hinted to the terminal', async () => {
      const { id } = await pay();
      await gateway.ledger.end(id, 'granted', 'started');
      const answer = await gateway.ask<Payment>('POST', `/v1/payments/${id}/switch`, { body: { method: 'sbp_qr' } });
      expect(answer).toMatchObject({ status: 200, body: { id, switchTo: 'sbp_qr' } });
      expect(gateway.ledger.switches.at(-1)).toEqual({ scope: null, paymentId: id, method: 'sbp_qr', sbp: { by: 'bank_qr', windowSeconds: 180 } });
    });

    it.each([{ method: 'card_or_sbp_qr' }, {}, { method: 'card', terminalId: 'pax-1' }])('refuses %j', async (body) => {
      const { id } = await pay();
      expect((await gateway.ask<Problem>('POST', `/v1/payments/${id}/switch`, { body })).body.code).toBe('request.invalid');
    });

    it('is refused where the ledger refuses it', async () => {
      const { id } = await pay();
      expect(await gateway.ask<Problem>('POST', `/v1/payments/${id}/switch`, { body: { method: 'card' } })).toMatchObject({
        status: 409,
        body: { code: 'payment.not_switchable' },
      });
    });
  });

  describe('the way of SBP', () => {
    it('is the terminal’s own, as it is set at that moment, and told to the ledger', async () => {
      const first = await pay();
      expect(gateway.ledger.sbpWays.get(first.orderId)).toEqual({ by: 'bank_qr', windowSeconds: 180 });
      await gateway.ledger.end(first.id, 'declined', 'declined');
      const redone = await gateway.ask('POST', `/v1/payments/${first.id}/redo`, { headers: { 'idempotency-key': randomUUID() } });
      expect(redone.status).toBe(200);
      expect(gateway.ledger.sbpWays.get(first.orderId)).toEqual({ by: 'bank_qr', windowSeconds: 180 });
      await gateway.nextCommand('club-1', 'pax-1');
    });

    it('follows a terminal’s profile and the one it shares, at once; SBP is refused where there is none', async () => {
      const shared = { id: 'sbp-60', siteId: 'club-1', name: 'A minute', driver: 'inpas-sa', values: { sbp: { windowSeconds: 60 } } };
      expect((await gateway.ask('POST', '/v1/terminal-profiles', { body: shared })).status).toBe(201);
      const set = async (body: object) => expect((await gateway.ask('PATCH', '/v1/terminals/pax-1', { body })).status).toBe(200);
      await set({ profileId: 'sbp-60' });
      expect(gateway.ledger.sbpWays.get((await pay()).orderId)).toEqual({ by: 'bank_qr', windowSeconds: 60 });
      await set({ profile: { sbp: { by: 'none' } } });
      const opened = gateway.ledger.payments.size;
      const refused = await gateway.pay<Problem>(order({ method: 'sbp_qr' }));
      expect(refused).toMatchObject({ status: 422, body: { code: 'sbp.not_offered' } });
      expect(gateway.ledger.payments.size).toBe(opened);
      expect(gateway.ledger.sbpWays.get((await pay()).orderId)).toEqual({ by: 'none' });
      await set({ profileId: null, profile: {} });
    });
  });

  it('says how long to wait for a redo that must wait for the bank', async () => {
    const { id } = await pay();
    gateway.ledger.failures.set(
      'payments.redo',
      new Rejected('payment.not_redoable', { detail: 'The QR can still be paid.', members: { retryAfterSeconds: 42 } }),
    );
    const answer = await gateway.ask<Problem>('POST', `/v1/payments/${id}/redo`, { headers: { 'idempotency-key': randomUUID() } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'payment.not_redoable', detail: 'The QR can still be paid.' } });
    expect(answer.headers.get('retry-after')).toBe('42');
    await eventually(() => expect(gateway.ledger.calls).toContain('payments.redo'));
  });
});
