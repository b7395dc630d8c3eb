import { anyPayment, isMistyped, paramsOf, queryOf, wishOf } from './payment-wish';

const now = new Date(2026, 10, 27, 15, 30);
const account = '40702810900000005555';
const wish = (members: Partial<typeof anyPayment>) => ({ ...anyPayment, ...members });

describe('which payments a person wants to see', () => {
  it('is everything where the address says nothing', () => {
    expect(wishOf(new URLSearchParams())).toEqual(anyPayment);
    expect(paramsOf(anyPayment)).toEqual({});
    expect(queryOf(anyPayment, null, now)).toEqual({});
  });

  it('comes back from the address it was written into', () => {
    const wanted = wish({
      status: 'in_doubt',
      purpose: 'test',
      method: 'sbp_qr',
      account,
      period: 'own',
      from: '2026-11-01',
      to: '2026-11-02',
      by: 'rrn',
      text: '828913349373',
    });
    expect(wishOf(new URLSearchParams(paramsOf(wanted)))).toEqual(wanted);
  });

  it('passes over what an address says wrong', () => {
    const params = new URLSearchParams({ status: 'paid', method: 'cash', account: '4070', period: 'ever', from: '2026-13-45', to: 'x"><script>', by: 'name' });
    expect(wishOf(params)).toEqual(anyPayment);
  });

  it.each([
    ['order', 'ic-1', { orderId: 'ic-1' }],
    ['rrn', '8289', { rrn: '8289' }],
    ['amount', '150,50', { amount: 15_050 }],
    ['amount', 'x', {}],
  ] as const)('searches by %s', (by, text, query) => {
    expect(queryOf(wish({ by, text: ` ${text} ` }), null, now)).toEqual(query);
  });

  it('asks for a method and an account by the names that KKM has for them', () => {
    expect(queryOf(wish({ method: 'card', account }), null, now)).toEqual({ method: 'card', settlementAccount: account });
  });

  it('says when an amount is none', () => {
    expect(isMistyped(wish({ by: 'amount', text: 'x' }))).toBe(true);
    expect(isMistyped(wish({ by: 'amount', text: '' }))).toBe(false);
    expect(isMistyped(wish({ by: 'order', text: 'x' }))).toBe(false);
  });

  it('counts days by the clock on the wall, the last one included', () => {
    const day = (date: number) => new Date(2026, 10, date).toISOString();
    expect(queryOf(wish({ period: 'today' }), 'club-1', now)).toEqual({ siteId: 'club-1', from: day(27) });
    expect(queryOf(wish({ period: 'yesterday' }), null, now)).toEqual({ from: day(26), to: day(27) });
    expect(queryOf(wish({ period: 'week' }), null, now)).toEqual({ from: day(21) });
    expect(queryOf(wish({ period: 'own', from: '2026-11-05', to: '2026-11-05' }), null, now)).toEqual({ from: day(5), to: day(6) });
    expect(queryOf(wish({ period: 'own' }), null, now)).toEqual({});
  });
});
