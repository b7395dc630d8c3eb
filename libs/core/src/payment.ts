import type { AttemptStatus } from './attempt-machine';
import type { BankIdentity } from './bank-details';
import { BrokenInvariant, check, unreachable } from './check';
import type { Currency } from './money';
import type { CardFacts, OutcomeReason } from './outcomes';
import type { ShownQr } from './sbp';
import type { Conflict, Resolution, SurfacedMoney } from './resolution';

/** How the guest may pay. */
export const methods = ['card', 'sbp_qr', 'card_or_sbp_qr'] as const;
/** One of {@link methods}. */
export type Method = (typeof methods)[number];

/** What an attempt asks the terminal to do with money. */
export const operations = ['sale', 'void', 'refund', 'reversal'] as const;
/** One of {@link operations}. */
export type Operation = (typeof operations)[number];

/** Where a payment stands, derived from its attempts by {@link paymentStatus}. */
export const paymentStatuses = ['pending', 'in_progress', 'in_doubt', 'succeeded', 'declined', 'cancelled', 'expired', 'failed'] as const;
/** One of {@link paymentStatuses}. */
export type PaymentStatus = (typeof paymentStatuses)[number];

/** The ends in which nothing was charged. */
export const notChargedStatuses = ['declined', 'cancelled', 'expired', 'failed'] as const satisfies readonly PaymentStatus[];

/** What becomes of money that a bank took after nobody expected it any more, a setting of the site: it stays the payment's, or it is voided. */
export const lateApprovals = ['keep', 'void'] as const;
/** One of {@link lateApprovals}. */
export type LateApproval = (typeof lateApprovals)[number];

/** What a payment is for: `sale` to take a guest's money; `test` to try a terminal, and everything it takes is given back at once. */
export const purposes = ['sale', 'test'] as const;
/** One of {@link purposes}. */
export type Purpose = (typeof purposes)[number];

/** How far a cancel has come (design-money, clause 13). */
export type CancelRequested = 'pending' | 'too_late' | 'done' | null;

/** One try of one operation on one terminal, as the public contract shows it (design chapter 6). */
export interface Attempt {
  readonly id: string;
  readonly number: number;
  readonly operation: Operation;
  readonly method: Method;
  readonly terminalId: string;
  /** Minor units asked for in this attempt. */
  readonly amount: number;
  readonly status: AttemptStatus;
  readonly reason: OutcomeReason | null;
  readonly message: string | null;
  readonly hostResponseCode: string | null;
  readonly card: CardFacts | null;
  readonly rrn: string | null;
  readonly authorisationCode: string | null;
  /** As the terminal or its bank told it. */
  readonly bankTerminalId: string | null;
  /** What the bank knew the terminal by, as the settings said when the attempt was opened; null where nobody had written it down, and where the money moves through a bank's QR, which has a contract of its own. */
  readonly bank: BankIdentity | null;
  readonly slip: string | null;
  readonly readFailures: number;
  /** The bank's QR, from when its payload is known; null for all else. */
  readonly qr: ShownQr | null;
  readonly createdAt: string;
  readonly grantedAt: string | null;
  readonly finishedAt: string | null;
  /** When it first was in doubt, also after its outcome became known; null: it never was. */
  readonly doubtedAt: string | null;
  /** The person's decision that ended the attempt; null when none did. */
  readonly resolvedBy: Resolution | null;
}

/** The intent to collect one amount for one order, as the public contract shows it (design chapter 6). Times are RFC 3339 UTC, amounts minor units. */
export interface Payment {
  readonly id: string;
  readonly siteId: string;
  readonly orderId: string;
  readonly registerId: string | null;
  readonly terminalId: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly method: Method;
  readonly purpose: Purpose;
  readonly status: PaymentStatus;
  readonly chargedAmount: number;
  readonly refundedAmount: number;
  readonly redoable: boolean;
  readonly cancelRequested: CancelRequested;
  /** What the guest changed over to: the next attempt's method once the running one is proved uncharged; null when nobody did. */
  readonly switchTo: 'card' | 'sbp_qr' | null;
  readonly sequence: number;
  readonly attempts: readonly Attempt[];
  readonly conflicts: readonly Conflict[];
  readonly surfaced: readonly SurfacedMoney[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly expiresAt: string;
  readonly closedAt: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The part of an attempt the payment's status follows from. */
export interface AttemptStanding {
  readonly operation: Operation;
  readonly number: number;
  readonly status: AttemptStatus;
}

/**
 * Derives a payment's status from its sale attempts and from what it was charged, minor units; the only place where that is decided.
 * Money that surfaced counts once it is decided about: it was charged, whatever its attempt had ended as.
 */
export function paymentStatus(attempts: readonly AttemptStanding[], chargedMinor: number): PaymentStatus {
  const sales = attempts.filter((attempt) => attempt.operation === 'sale');
  check(sales.length > 0, 'a payment has at least one sale attempt');
  const has = (status: AttemptStatus): boolean => sales.some((sale) => sale.status === status);
  if (has('approved') || chargedMinor > 0) return 'succeeded';
  if (has('unknown')) return 'in_doubt';
  if (has('granted')) return 'in_progress';
  if (has('queued')) return 'pending';
  const last = sales.reduce((latest, sale) => (sale.number > latest.number ? sale : latest));
  return endOf(last.status);
}

function endOf(status: AttemptStatus): PaymentStatus {
  switch (status) {
    case 'withdrawn':
      return 'cancelled';
    case 'declined':
    case 'cancelled':
    case 'expired':
    case 'failed':
      return status;
    case 'queued':
    case 'granted':
    case 'approved':
    case 'unknown':
      throw new BrokenInvariant(`${status} is not the end of a payment`);
    default:
      return unreachable(status);
  }
}

/** Whether a further attempt may be made: an uncharged end, not closed, and no surfaced money waiting for a decision (design-money, clauses 10 and 17). */
export function isRedoable(facts: { readonly status: PaymentStatus; readonly closed: boolean; readonly surfacedUndecided: boolean }): boolean {
  return (notChargedStatuses as readonly PaymentStatus[]).includes(facts.status) && !facts.closed && !facts.surfacedUndecided;
}

/** The member of a payment's metadata that holds the id of the KkmServer door's command: in completion events it tells the client which of its commands was paid. */
export const idCommandMember = 'idCommand';

/** What completion events can tell, the `<what>` of `kkm.payment.<what>.v1`. */
export const eventNames = [
  'accepted',
  'started',
  'succeeded',
  'declined',
  'cancelled',
  'expired',
  'failed',
  'in_doubt',
  'resolved',
  'refunded',
  'refund_failed',
  'rejected',
  'surfaced',
  'confirmed',
  'conflict',
] as const;
/** One of {@link eventNames}. */
export type EventName = (typeof eventNames)[number];
