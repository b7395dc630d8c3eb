import { describeWith } from '@kkm/testkit';
import type { Payment, PaymentPage } from '@kkm/core';
import type { Problem } from '@kkm/contracts';
import { GatewayUnderTest } from '../testing/gateway-under-test';

describeWith(['broker', 'database'], 'lists of payments over HTTP', () => {
  let gateway: GatewayUnderTest;
  let orders = 0;
  const order = (more: object = {}) => ({ siteId: 'club-1', orderId: `o-${(orders += 1)}`, amount: 15_000, currency: 'RUB', registerId: 'desk-1', ...more });
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
  });
  afterAll(() => gateway.stop());

  it('reads, lists and pages', async () => {
    const mine = await Promise.all([1, 2, 3].map(async () => (await gateway.pay<Payment>(order({ orderId: 'listed', additional: true }))).body));
    const one = mine[0] as Payment;
    expect((await gateway.ask<Payment>('GET', `/v1/payments/${one.id}`)).body).toEqual(one);
    const page = await gateway.ask<PaymentPage>('GET', '/v1/payments?siteId=club-1&orderId=listed&status=pending&from=2020-01-01T00:00:00%2B03:00&limit=2');
    expect(page.body.payments).toHaveLength(2);
    const rest = await gateway.ask<PaymentPage>('GET', `/v1/payments?orderId=listed&limit=2&cursor=${page.body.next}`);
    expect([...page.body.payments, ...rest.body.payments].map(({ id }) => id).sort()).toEqual(mine.map(({ id }) => id).sort());
    expect(rest.body.next).toBeNull();
  });

  it('finds a payment by what its bank calls it, and by its amount', async () => {
    const { body } = await gateway.pay<Payment>(order({ amount: 31_337 }));
    const { attempts } = await gateway.ledger.end(body.id, 'approved', 'succeeded');
    const rrn = attempts[0]?.rrn ?? '';
    const found = async (query: string): Promise<readonly string[]> =>
      (await gateway.ask<PaymentPage>('GET', `/v1/payments?siteId=club-1&${query}`)).body.payments.map(({ id }) => id);
    expect([rrn.length > 0, await found(`rrn=${rrn}`), await found(`rrn=${rrn}&authorisationCode=247629`)]).toEqual([true, [body.id], [body.id]]);
    expect([await found(`rrn=${rrn}&authorisationCode=247630`), await found('rrn=1')]).toEqual([[], []]);
    expect([await found('amount=31337'), await found('amount=31336')]).toEqual([[body.id], []]);
  });

  it('finds payments by method, and by where the settings said their money goes', async () => {
    const bank = { terminalId: '00266286', legalEntity: { name: 'Night Club LLC' }, settlementAccount: { number: '40702810900000005555' } };
    const transport = { kind: 'tcp', mode: 'connect', host: 'x', port: 1 };
    await gateway.ask('POST', '/v1/terminals', { body: { id: 'pax-bar', siteId: 'club-1', name: 'Bar', driver: 'inpas-sa', transport, bank } });
    const { body } = await gateway.pay<Payment>(order({ terminalId: 'pax-bar' }));
    const full = {
      ...bank,
      merchantId: null,
      legalEntity: { name: 'Night Club LLC', inn: null },
      settlementAccount: { number: '40702810900000005555', bik: null },
    };
    expect(body.attempts[0]?.bank).toEqual(full);
    await gateway.ask('PATCH', '/v1/terminals/pax-bar?siteId=club-1', { body: { bank: { settlementAccount: { number: '40702810200000006666' } } } });
    expect((await gateway.ask<Payment>('GET', `/v1/payments/${body.id}`)).body.attempts[0]?.bank).toEqual(full);
    await gateway.ledger.end(body.id, 'declined', 'declined');
    const redone = await gateway.ask<Payment>('POST', `/v1/payments/${body.id}/redo`, { headers: { 'idempotency-key': 'bank-1' } });
    expect(redone.body.attempts.map((attempt) => attempt.bank?.settlementAccount?.number)).toEqual(['40702810900000005555', '40702810200000006666']);
    const found = async (query: string): Promise<readonly string[]> =>
      (await gateway.ask<PaymentPage>('GET', `/v1/payments?siteId=club-1&${query}`)).body.payments.map(({ id }) => id);
    expect([await found('settlementAccount=40702810900000005555'), await found('settlementAccount=40702810900000005556')]).toEqual([[body.id], []]);
    expect(await found('method=sbp_qr&settlementAccount=40702810900000005555')).toEqual([]);
    const { body: unknown } = await gateway.pay<Payment>(order());
    expect(unknown.attempts[0]?.bank).toBeNull();
  });

  it.each([
    ['method=cash', 'query:method'],
    ['settlementAccount=4070281090000000555', 'query:settlementAccount'],
    ['limit=0', 'query:limit'],
    ['limit=201', 'query:limit'],
    ['limit=x', 'query:limit'],
    ['status=paid', 'query:status'],
    ['from=yesterday', 'query:from'],
    ['from=0000-01-01T00:00:00Z', 'query:from'],
    ['colour=red', 'query:colour'],
    ['siteId=%00', 'query:siteId'],
    ['rrn=', 'query:rrn'],
    [`rrn=${'1'.repeat(65)}`, 'query:rrn'],
    ['authorisationCode=%07', 'query:authorisationCode'],
    ['amount=0', 'query:amount'],
    ['amount=1.5', 'query:amount'],
    ['amount=', 'query:amount'],
  ])('refuses a list with %s', async (query, pointer) => {
    const { status, body } = await gateway.ask<Problem>('GET', `/v1/payments?${query}`);
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, 'request.invalid', pointer]);
  });
});
