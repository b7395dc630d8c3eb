import { noBankIdentity } from '@kkm/core';
import type { Payment } from '@kkm/core';
import { withPayment } from './payment-list';
import { someAttempt, somePayment } from './testing/some-payment';

const idsOf = (pages: ReturnType<typeof withPayment>): string[][] => pages.map((page) => page.payments.map(({ id }) => id));
const payment = (id: string, members: Partial<Payment> = {}): Payment => somePayment({ id, ...members });
const two = [
  { payments: [payment('pay_8'), payment('pay_6')], next: 'c' },
  { payments: [payment('pay_4')], next: 'd' },
];

describe('the list of payments', () => {
  it('shows a new payment first', () => {
    expect(idsOf(withPayment(two, payment('pay_9'), {}))).toEqual([['pay_9', 'pay_8', 'pay_6'], ['pay_4']]);
  });

  it('puts a payment that it hears of late in its place', () => {
    expect(idsOf(withPayment(two, payment('pay_5'), {}))).toEqual([
      ['pay_8', 'pay_6'],
      ['pay_5', 'pay_4'],
    ]);
  });

  it('leaves out what lies behind the part that was read', () => {
    expect(withPayment(two, payment('pay_3'), {})).toEqual(two);
  });

  it('adds it where the list was read to its end, and where nothing was listed', () => {
    expect(idsOf(withPayment([{ payments: [payment('pay_4')], next: null }], payment('pay_3'), {}))).toEqual([['pay_4', 'pay_3']]);
    expect(idsOf(withPayment([{ payments: [], next: null }], payment('pay_3'), {}))).toEqual([['pay_3']]);
  });

  it('takes the newer state, never an older one', () => {
    const pages = [{ payments: [payment('pay_1', { sequence: 3, status: 'succeeded' })], next: null }];
    expect(withPayment(pages, payment('pay_1', { sequence: 2, status: 'in_progress' }), {})).toBe(pages);
    expect(withPayment(pages, payment('pay_1', { sequence: 4, refundedAmount: 5 }), {})[0]?.payments[0]?.refundedAmount).toBe(5);
  });

  it('drops what no longer fits, and never shows what does not', () => {
    expect(idsOf(withPayment(two, payment('pay_8', { sequence: 2, status: 'declined' }), { status: 'succeeded' }))).toEqual([['pay_6'], ['pay_4']]);
    for (const query of [
      { siteId: 'other' },
      { status: 'failed' as const },
      { purpose: 'test' as const },
      { method: 'sbp_qr' as const },
      { settlementAccount: '40702810900000005555' },
      { orderId: 'x' },
      { rrn: 'x' },
      { amount: 1 },
      { from: '2027' },
      { to: '2020' },
    ])
      expect(withPayment(two, payment('pay_9'), query)).toEqual(two);
  });

  it('shows what was tried by a method and goes to an account by the same sale', () => {
    const bank = { ...noBankIdentity, settlementAccount: { number: '40702810900000005555', bik: null } };
    const attempts = [someAttempt({ bank }), someAttempt({ id: 'att_2', number: 2, method: 'sbp_qr' })];
    const listed = (query: Parameters<typeof withPayment>[2]): number => idsOf(withPayment(two, payment('pay_9', { attempts }), query)).flat().length;
    const settlementAccount = '40702810900000005555';
    expect([listed({ method: 'card' }), listed({ method: 'sbp_qr' }), listed({ settlementAccount })]).toEqual([4, 4, 4]);
    expect([listed({ method: 'card', settlementAccount }), listed({ method: 'sbp_qr', settlementAccount })]).toEqual([4, 3]);
  });

  it('keeps a payment that the ledger found by its RRN', () => {
    expect(idsOf(withPayment(two, payment('pay_8', { sequence: 2 }), { rrn: 'of-the-qr' }))).toEqual([['pay_8', 'pay_6'], ['pay_4']]);
  });
});
