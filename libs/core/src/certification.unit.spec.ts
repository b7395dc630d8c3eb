import { certificationFigures, gradeLimits, gradeOf, grades, spreadOf, testMoney } from './certification';
import type { CertificationFigures, TestResult } from './certification';

const result = (number: number, wanted: Partial<TestResult> = {}): TestResult => ({
  number,
  method: 'card',
  paymentId: `pay-${number}`,
  status: 'succeeded',
  reason: null,
  approvalMs: 2_000,
  readFailures: 0,
  doubtMs: null,
  charged: 100,
  refunded: 100,
  ...wanted,
});
const untried = { cableReconnectMs: null, restartReconnectMs: null } as const;
const good = certificationFigures([result(1), result(2)], untried);
const back = { charged: 2, returned: 2, notReturned: [] };
const graded = (wanted: Partial<CertificationFigures>) => gradeOf({ ...good, ...wanted }, back);
const doubts = (count: number, open = 0) => ({ sales: 1_000, inDoubt: { count, open, resolveMs: null } });
const failed = (count: number) => ({ sales: 1_000, failures: [{ reason: 'terminal_fault' as const, count }] });

describe('the grade of a terminal', () => {
  it('is A for one that does everything right', () => {
    expect(gradeOf(good, back)).toEqual({ grade: 'A', because: [] });
  });

  it.each([
    ['slow_approvals', gradeLimits.approvalMs, (p95: number) => graded({ approvalMs: { p50: 1, p95 } })],
    ['read_failures', gradeLimits.readFailureRate, (rate: number) => graded({ readFailureRate: rate })],
    ['slow_reconnect', gradeLimits.reconnectMs, (ms: number) => graded({ cableReconnectMs: ms })],
    ['slow_reconnect', gradeLimits.reconnectMs, (ms: number) => graded({ restartReconnectMs: ms })],
  ] as const)('falls by one at each limit of %s, and to E beyond the last', (reason, limits, gradeAt) => {
    limits.forEach((limit, at) => {
      expect(gradeAt(limit).grade).toBe(grades[at]);
      expect(gradeAt(limit + limit / 1_000)).toEqual({ grade: grades[at + 1], because: [reason] });
    });
  });

  it('falls with the share of unknown outcomes: none is good, a twentieth is C, a fifth is D', () => {
    expect([0, 1, 50, 51, 200, 201].map((count) => graded(doubts(count)).grade)).toEqual(['A', 'C', 'C', 'D', 'D', 'E']);
    expect(graded(doubts(1)).because).toEqual(['unknown_outcomes']);
  });

  it('falls with the share of payments that failed for the terminal’s sake', () => {
    expect([0, 1, 20, 21, 50, 51, 200, 201].map((count) => graded(failed(count)).grade)).toEqual(['A', 'B', 'B', 'C', 'C', 'D', 'D', 'E']);
  });

  it('does not fall for what guests and banks refuse', () => {
    for (const reason of ['insufficient_funds', 'customer_cancelled', 'customer_timeout', 'qr_expired'] as const)
      expect(graded({ failures: [{ reason, count: 1 }] }).grade).toBe('A');
  });

  it('is E for one that does not come back, and F for one that must not be used', () => {
    expect(graded({ restartReconnectMs: 'never' })).toEqual({ grade: 'E', because: ['no_reconnect'] });
    expect(graded({ approved: 0 })).toEqual({ grade: 'F', because: ['nothing_approved'] });
    expect(graded(doubts(1, 1))).toEqual({ grade: 'F', because: ['unresolved_outcome'] });
    expect(gradeOf(good, { charged: 2, returned: 1, notReturned: ['pay-2'] })).toEqual({ grade: 'F', because: ['money_not_returned'] });
  });

  it('is the worst of all figures, and names all that are as bad', () => {
    expect(graded({ approvalMs: { p50: 1, p95: 20_000 }, readFailureRate: 0.06, cableReconnectMs: 20_000 })).toEqual({
      grade: 'C',
      because: ['slow_approvals', 'read_failures'],
    });
  });
});

describe('the figures of a certification', () => {
  it('come from its test payments', () => {
    const results = [
      result(1, { approvalMs: 1_000, readFailures: 2 }),
      result(2, { approvalMs: 3_000, doubtMs: 4_000 }),
      result(3, { status: 'in_doubt', reason: 'unrecognised', approvalMs: null, doubtMs: 9_000, charged: 0, refunded: 0 }),
      result(4, { status: 'failed', reason: 'card_read_error', approvalMs: null, readFailures: 3, charged: 0, refunded: 0 }),
    ];
    expect(certificationFigures(results, { cableReconnectMs: 5_000, restartReconnectMs: 'never' })).toEqual({
      sales: 4,
      approved: 2,
      approvalMs: { p50: 2_000, p95: 2_900 },
      readFailures: 5,
      readFailureRate: 5 / 9,
      failures: [
        { reason: 'unrecognised', count: 1 },
        { reason: 'card_read_error', count: 1 },
      ],
      inDoubt: { count: 2, open: 1, resolveMs: { p50: 4_000, p95: 4_000 } },
      cableReconnectMs: 5_000,
      restartReconnectMs: 'never',
    });
  });

  it('are empty without any', () => {
    expect(certificationFigures([], untried)).toMatchObject({ sales: 0, approvalMs: null, readFailureRate: null });
    expect(spreadOf([])).toBeNull();
    expect(spreadOf([7])).toEqual({ p50: 7, p95: 7 });
  });

  it('name the payments whose money is not back', () => {
    expect(testMoney([result(1), result(2, { refunded: 40 }), result(3, { charged: 0, refunded: 0 })])).toEqual({
      charged: 2,
      returned: 1,
      notReturned: ['pay-2'],
    });
  });
});
