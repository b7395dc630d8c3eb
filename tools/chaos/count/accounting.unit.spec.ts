import { booksOf, attemptOf, paymentOf, saleOf } from '../testing/made-up';
import { account, violationCount } from './accounting';

describe('the accounting of a campaign', () => {
  it('finds nothing where every payment is somewhere and every charge is known to both sides once', () => {
    const payments = [
      paymentOf('a', 'succeeded'),
      paymentOf('b', 'declined'),
      paymentOf('c', 'cancelled'),
      paymentOf('d', 'expired'),
      paymentOf('e', 'failed'),
    ];
    const { parts, violations, visible } = account(booksOf(payments, [saleOf('a-1')]));
    expect(parts).toEqual({ accepted: 5, charged: 1, declined: 1, cancelled: 1, expired: 1, failed: 1, inDoubt: 0, parked: 0, unaccounted: 0 });
    expect(violationCount(violations)).toBe(0);
    expect(visible).toEqual([]);
  });

  it('finds a payment that was charged twice, by one attempt or by two', () => {
    const once = paymentOf('a', 'succeeded');
    expect(account(booksOf([once], [saleOf('a-1'), saleOf('a-1', { rrn: 'another' })])).violations.doubled).toEqual([
      'a: sale rrn of a-1 of 15000 on pax-1 and sale another of 15000 on pax-1',
    ]);
    const redone = paymentOf('b', 'succeeded', { attempts: [attemptOf('b-1', 'declined'), attemptOf('b-2', 'approved', { number: 2 })] });
    expect(account(booksOf([redone], [saleOf('b-1'), saleOf('b-2')])).violations.doubled).toHaveLength(1);
  });

  it('takes no sale that the bank reversed, and nobody else’s sale, for a second charge', () => {
    const others = [saleOf('a-1', { rrn: 'x', reversed: true }), saleOf('a-1', { rrn: 'y', kind: 'reversal' }), saleOf('a-1', { rrn: 'z', foreign: true })];
    expect(violationCount(account(booksOf([paymentOf('a', 'succeeded')], [saleOf('a-1'), ...others])).violations)).toBe(0);
  });

  it.each(['declined', 'cancelled', 'expired', 'failed'] as const)('finds a charge that was lost: %s, and the bank has the money', (status) => {
    expect(account(booksOf([paymentOf('a', status)], [saleOf('a-1')])).violations.lost).toEqual([
      `a is ${status}, and the bank has sale rrn of a-1 of 15000 on pax-1`,
    ]);
  });

  it('finds a sale of which no payment knows', () => {
    expect(account(booksOf([], [saleOf('nobody')])).violations.lost).toEqual(['no payment knows sale rrn of nobody of 15000 on pax-1']);
    expect(account(booksOf([], [saleOf('nobody', { reference: null })])).violations.lost).toHaveLength(1);
  });

  it('finds a payment that is not accounted for: accepted and unknown, or still on its way', () => {
    const books = booksOf([paymentOf('a', 'pending'), paymentOf('b', 'in_progress')], [], { acknowledged: new Set(['a', 'b', 'c']) });
    const { parts, violations } = account(books);
    expect(violations.unaccounted).toEqual(['c: accepted, and not in the ledger', 'a: still pending', 'b: still in_progress']);
    expect(parts).toMatchObject({ accepted: 3, unaccounted: 3 });
  });

  it('finds a charge that the bank does not have, has with another amount, or under another number', () => {
    const charged = [paymentOf('a', 'succeeded')];
    for (const bank of [[], [saleOf('a-1', { amount: 14_999 })], [saleOf('a-1', { rrn: 'another' })]])
      expect(account(booksOf(charged, bank)).violations.notAtBank).toHaveLength(1);
  });

  it('does not take a sale that somebody keyed in by hand for ours', () => {
    const adopted = paymentOf('a', 'succeeded', { attempts: [attemptOf('a-1', 'approved', { rrn: 'by hand' })] });
    const bank = [saleOf('a-1', { rrn: 'by hand', foreign: true, reference: null })];
    expect(account(booksOf([adopted], bank)).violations.notAtBank).toHaveLength(1);
    expect(account(booksOf([], [saleOf('x', { foreign: true, reversed: true })])).violations.foreignReversed).toHaveLength(1);
  });

  it('takes a person’s word for a charge when the bank has it, without its number', () => {
    const by = { kind: 'api_key', id: 'key_1', name: 'manager' } as const;
    const resolvedBy = { by, at: '2026-01-01T00:00:05.000Z', charged: true, chargedAmount: 15_000, evidence: 'the list', terminal: 'awaited' } as const;
    const decided = paymentOf('a', 'succeeded', { attempts: [attemptOf('a-1', 'approved', { rrn: null, resolvedBy })] });
    expect(account(booksOf([decided], [saleOf('a-1')])).violations.notAtBank).toEqual([]);
    expect(account(booksOf([decided], [])).violations.notAtBank).toHaveLength(1);
  });

  it('takes a partial approval as told', () => {
    const partial = paymentOf('a', 'succeeded', { chargedAmount: 7_500 });
    expect(violationCount(account(booksOf([partial], [saleOf('a-1', { amount: 7_500 })])).violations)).toBe(0);
  });

  it('shows what is in doubt, parked or surfaced with its evidence, and takes none of it for lost', () => {
    const money = { attemptId: 'c-1', amount: 15_000, rrn: 'rrn of c-1', disposition: 'undecided', at: '2026-01-01T00:00:02.000Z' } as const;
    const payments = [paymentOf('a', 'in_doubt'), paymentOf('b', 'pending'), paymentOf('c', 'declined', { surfaced: [money] })];
    const parked = [{ reason: 'unknown-attempt', queue: 'terminal.club-1.pax-1', paymentId: 'b' }];
    const { parts, violations, visible } = account(booksOf(payments, [saleOf('a-1'), saleOf('c-1')], { parked }));
    expect(violationCount(violations)).toBe(0);
    expect(parts).toMatchObject({ accepted: 3, inDoubt: 1, parked: 1, declined: 1, unaccounted: 0 });
    expect(visible.map(({ payment, why, atBank }) => [payment.id, why, atBank.length])).toEqual([
      ['a', 'in doubt', 1],
      ['b', 'parked', 0],
      ['c', 'surfaced money', 1],
    ]);
  });

  it('takes a charge that was given back, by reversal or by refund, for no charge any more', () => {
    const returned = [paymentOf('a', 'succeeded', { refundedAmount: 15_000 })];
    for (const bank of [[saleOf('a-1', { reversed: true })], [saleOf('a-1'), saleOf('a-1', { kind: 'refund', rrn: 'back' })]])
      expect(violationCount(account(booksOf(returned, bank)).violations)).toBe(0);
  });

  it('finds a payment of which KKM says "not charged" while the bank has the money, or says nothing', () => {
    const books = booksOf([paymentOf('a', 'in_doubt')], [saleOf('a-1')]);
    expect(account({ ...books, verdicts: new Map([['a', { verdict: 'not_charged', evidence: [] }]]) }).violations.wrongVerdicts).toEqual([
      'a: not charged, and the bank has sale rrn of a-1 of 15000 on pax-1',
    ]);
    expect(account({ ...books, verdicts: new Map() }).violations.wrongVerdicts).toEqual(['a: no answer']);
  });

  it('finds one order that was opened twice', () => {
    const twice = [paymentOf('a', 'succeeded', { orderId: 'o' }), paymentOf('b', 'succeeded', { orderId: 'o' })];
    expect(account(booksOf(twice, [saleOf('a-1'), saleOf('b-1')])).violations.openedTwice).toEqual(['o: a and b']);
  });

  it('finds a caller who was told something else than the ledger holds, or nothing', () => {
    const payments = [paymentOf('a', 'declined'), paymentOf('b', 'declined')];
    const told = new Map([['a', 'in_doubt' as const]]);
    expect(account(booksOf(payments, [], { told })).violations.toldWrong).toEqual([
      'a is declined, the last event told in_doubt',
      'b is declined, the last event told nothing',
    ]);
  });
});
