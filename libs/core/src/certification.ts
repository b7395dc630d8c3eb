import type { Currency } from './money';
import type { OutcomeReason } from './outcomes';
import type { PaymentStatus } from './payment';
import type { TimeSpread } from './terminal-health';

/** How a terminal is connected, as the person who certifies it says. */
export const certifiedLinks = ['lan', 'usb'] as const;
/** One of {@link certifiedLinks}. */
export type CertifiedLink = (typeof certifiedLinks)[number];

/** What a person is asked to do during a certification. The first two need no word of his: the payment shows. */
export const certificationPrompts = ['tap_card', 'scan_qr', 'pull_cable', 'plug_cable', 'restart_terminal'] as const;
/** One of {@link certificationPrompts}. */
export type CertificationPrompt = (typeof certificationPrompts)[number];

/** Grades, best first. */
export const grades = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
/** One of {@link grades}. */
export type Grade = (typeof grades)[number];

/** Why a terminal got no better grade. */
export const gradeReasons = [
  'slow_approvals',
  'read_failures',
  'unknown_outcomes',
  'unresolved_outcome',
  'failed_payments',
  'slow_reconnect',
  'no_reconnect',
  'nothing_approved',
  'money_not_returned',
] as const;
/** One of {@link gradeReasons}. */
export type GradeReason = (typeof gradeReasons)[number];

/** What a certification is to do. */
export interface CertificationPlan {
  /** How many test payments, 1 to 100. */
  readonly payments: number;
  /** Taken in turns. */
  readonly methods: readonly ('card' | 'sbp_qr')[];
  readonly link: CertifiedLink;
  /** Minor units of each payment. */
  readonly amount: number;
  readonly currency: Currency;
  /** Whether the cable is pulled and the terminal restarted once the payments are made. */
  readonly cablePull: boolean;
  readonly restart: boolean;
}

/** One test payment of a certification, once it has come to rest. */
export interface TestResult {
  readonly number: number;
  readonly method: 'card' | 'sbp_qr';
  readonly paymentId: string;
  readonly status: PaymentStatus;
  /** Why the sale was not approved. */
  readonly reason: OutcomeReason | null;
  /** From the permit to the approval, the guest's part included. */
  readonly approvalMs: number | null;
  readonly readFailures: number;
  /** For how long one of its attempts was in doubt; null: none was. */
  readonly doubtMs: number | null;
  /** Minor units. */
  readonly charged: number;
  readonly refunded: number;
}

/** What a certification has measured. */
export interface CertificationFigures {
  readonly sales: number;
  readonly approved: number;
  readonly approvalMs: TimeSpread | null;
  readonly readFailures: number;
  readonly readFailureRate: number | null;
  readonly failures: readonly { readonly reason: OutcomeReason; readonly count: number }[];
  /** Payments that were in doubt, those of them that still are, and how long the others were. */
  readonly inDoubt: { readonly count: number; readonly open: number; readonly resolveMs: TimeSpread | null };
  /** From the person's word to the terminal's answer; null: not tried; `never`: it did not come back while it was waited for. */
  readonly cableReconnectMs: number | 'never' | null;
  readonly restartReconnectMs: number | 'never' | null;
}

/** What became of the money of the tests, by the ledger's books. */
export interface TestMoney {
  readonly charged: number;
  readonly returned: number;
  /** Payments whose charge was not given back. */
  readonly notReturned: readonly string[];
}

/** A grade with what kept it from being better. */
export interface Graded {
  readonly grade: Grade;
  readonly because: readonly GradeReason[];
}

/**
 * The most that still earns A, B, C and D; more is E.
 *
 * - `approvalMs` (p95, the guest's tap included): others' terminals were complained of at 11 to 18 s until they even showed the amount, so 10 s for the whole
 *   payment is good and 15 s still unremarkable; a quarter of a minute more and a queue forms. Terminals give up at 120 s.
 * - `readFailureRate`: people report that a card is read "the second or third time" as what drives them away: one of four is that. One of fifty is a clumsy guest.
 * - `unknownShare`: each unknown outcome locks the terminal until it has been asked. A good line loses none, so the first one costs A and B.
 * - `failureShare`: payments that failed for the terminal's sake or its line's, not the guest's or the bank's. The same measure as for reads, stricter at the end.
 * - `reconnectMs`: a worker looks every few seconds, and a terminal starts within a minute or two; what takes longer is not noticed by itself any more.
 */
export const gradeLimits: Readonly<Record<'approvalMs' | 'readFailureRate' | 'unknownShare' | 'failureShare' | 'reconnectMs', readonly number[]>> = {
  approvalMs: [10_000, 15_000, 25_000, 45_000],
  readFailureRate: [0.02, 0.05, 0.1, 0.25],
  unknownShare: [0, 0, 0.05, 0.2],
  failureShare: [0, 0.02, 0.05, 0.2],
  reconnectMs: [10_000, 30_000, 60_000, 120_000],
};

/** Reasons that are the guest's or the bank's, not the terminal's. */
const notTheTerminals: readonly OutcomeReason[] = [
  ...(['insufficient_funds', 'do_not_honour', 'card_expired', 'card_blocked', 'wrong_pin', 'limit_exceeded', 'qr_declined', 'qr_expired'] as const),
  ...(['customer_cancelled', 'cashier_cancelled', 'customer_timeout', 'card_removed'] as const),
];

/**
 * Grades a terminal by its worst figure, because a guest meets the worst and not the mean. F is for what must not go into service: nothing was approved,
 * an outcome stayed unknown, or a test's money is not back.
 */
export function gradeOf(figures: CertificationFigures, money: TestMoney): Graded {
  const findings = [...disqualified(figures, money), ...measured(figures)];
  const worst = Math.max(0, ...findings.map(({ grade }) => grades.indexOf(grade)));
  const because = findings.filter(({ grade }) => grades.indexOf(grade) === worst && worst > 0).map(({ reason }) => reason);
  return { grade: grades[worst] ?? 'F', because: [...new Set(because)] };
}

interface Finding {
  readonly reason: GradeReason;
  readonly grade: Grade;
}

function disqualified(figures: CertificationFigures, money: TestMoney): readonly Finding[] {
  const found: GradeReason[] = [];
  if (figures.approved === 0) found.push('nothing_approved');
  if (figures.inDoubt.open > 0) found.push('unresolved_outcome');
  if (money.notReturned.length > 0) found.push('money_not_returned');
  return found.map((reason) => ({ reason, grade: 'F' }));
}

function measured({ sales, approvalMs, readFailureRate, failures, inDoubt, cableReconnectMs, restartReconnectMs }: CertificationFigures): readonly Finding[] {
  const share = (count: number): number => (sales === 0 ? 0 : count / sales);
  const failed = failures.filter(({ reason }) => !notTheTerminals.includes(reason)).reduce((sum, { count }) => sum + count, 0);
  const reconnects = [cableReconnectMs, restartReconnectMs].filter((ms) => ms !== null);
  return [
    { reason: 'slow_approvals', grade: within(approvalMs?.p95 ?? 0, gradeLimits.approvalMs) },
    { reason: 'read_failures', grade: within(readFailureRate ?? 0, gradeLimits.readFailureRate) },
    { reason: 'unknown_outcomes', grade: within(share(inDoubt.count), gradeLimits.unknownShare) },
    { reason: 'failed_payments', grade: within(share(failed), gradeLimits.failureShare) },
    ...reconnects.map((ms): Finding =>
      ms === 'never' ? { reason: 'no_reconnect', grade: 'E' } : { reason: 'slow_reconnect', grade: within(ms, gradeLimits.reconnectMs) },
    ),
  ];
}

function within(value: number, limits: readonly number[]): Grade {
  const at = limits.findIndex((limit) => value <= limit);
  return grades[at < 0 ? limits.length : at] ?? 'E';
}

/** What test payments and reconnects come to. */
export function certificationFigures(
  results: readonly TestResult[],
  reconnects: Pick<CertificationFigures, 'cableReconnectMs' | 'restartReconnectMs'>,
): CertificationFigures {
  const counts = new Map<OutcomeReason, number>();
  for (const { reason } of results) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const failures = [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  const readFailures = results.reduce((sum, result) => sum + result.readFailures, 0);
  const doubts = results.filter(({ doubtMs }) => doubtMs !== null);
  const open = doubts.filter(({ status }) => status === 'in_doubt').length;
  const resolved = doubts.flatMap(({ status, doubtMs }) => (status === 'in_doubt' || doubtMs === null ? [] : [doubtMs]));
  const reads = readFailures + results.length;
  return {
    sales: results.length,
    approved: results.filter(({ charged }) => charged > 0).length,
    approvalMs: spreadOf(results.flatMap(({ approvalMs }) => approvalMs ?? [])),
    readFailures,
    readFailureRate: reads === 0 ? null : readFailures / reads,
    failures,
    inDoubt: { count: doubts.length, open, resolveMs: spreadOf(resolved) },
    ...reconnects,
  };
}

/** The middle and the 95th percentile of some times, between the two nearest where none lies there; null without any. */
export function spreadOf(times: readonly number[]): TimeSpread | null {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => {
    const place = part * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? 0;
    const above = sorted[Math.ceil(place)] ?? 0;
    return Math.round(below + (above - below) * (place - Math.floor(place)));
  };
  return sorted.length === 0 ? null : { p50: at(0.5), p95: at(0.95) };
}

/** What became of the money: a charge counts as given back when nothing of it is left. */
export function testMoney(results: readonly Pick<TestResult, 'paymentId' | 'charged' | 'refunded'>[]): TestMoney {
  const charged = results.filter((result) => result.charged > 0);
  const notReturned = charged.filter((result) => result.refunded < result.charged).map(({ paymentId }) => paymentId);
  return { charged: charged.length, returned: charged.length - notReturned.length, notReturned };
}
