import { check, isFinalAttempt, isRedoable } from '@kkm/core';
import type {
  BankFacts,
  LateApproval,
  MoneyPath,
  OriginalCharge,
  OutcomeReason,
  Payment,
  PaymentCommand,
  PermittedAttempt,
  QrStage,
  SbpBankName,
  SurfacedMoney,
} from '@kkm/core';
import { conflictsOf, showAttempt, shownFacts } from './resolution';
import type { ResolutionRecord, StoredAttempt } from './resolution';

/** The bank's QR of an attempt as the ledger keeps it. Times are milliseconds of the ledger's clock. */
export interface QrRecord {
  /** The bank it is asked of, for ever. */
  readonly bank: SbpBankName;
  readonly stage: QrStage;
  /** How long the guest has, from when the payload is known. */
  readonly windowMs: number;
  readonly askedAtMs: number | null;
  readonly qrId: string | null;
  /** When the bank lets it expire. */
  readonly bankExpiresAtMs: number | null;
  /** The end of the guest's window; null before `open`. */
  readonly showUntilMs: number | null;
  /** Why it is being ended, or was. */
  readonly endReason: OutcomeReason | null;
  readonly endingSinceMs: number | null;
  /** When the bank is asked next; null: never again. */
  readonly nextAskAtMs: number | null;
  /** Questions in vain: in a row while it is open or ending, all of them once it is dead. */
  readonly asks: number;
  readonly watchUntilMs: number | null;
  readonly transactionId: string | null;
}

/** The permit of an attempt: granted once; the nonce changes only when a recovery takes over. */
export interface PermitRecord {
  readonly nonce: string;
  readonly workerId: string;
  /** Who had it first; null for permits of before that was written down. */
  readonly grantedTo: string | null;
  readonly grantedAtMs: number;
  readonly leaseUntilMs: number;
  readonly takeOvers: number;
}

/** What a return gives back, as its attempt keeps it: a charge is known by the result that told of it. */
export interface ReturnedCharge extends OriginalCharge {
  readonly chargeResultId: string;
}

/** An attempt as the ledger keeps it: what the contract shows, and what it does not. */
export interface AttemptRecord {
  readonly shown: StoredAttempt;
  readonly moneyPath: MoneyPath;
  /** For sales whose money moves by a bank's QR; null for all else. */
  readonly qr: QrRecord | null;
  readonly expiresAtMs: number;
  /** What the bank took in this attempt; 0 unless approved. */
  readonly chargedMinor: number;
  readonly merchantId: string | null;
  readonly terminalTime: string | null;
  readonly permit: PermitRecord | null;
  /** The person's decision that ended it; null when none did. */
  readonly resolution: ResolutionRecord | null;
  /** For all but sales. */
  readonly original: ReturnedCharge | null;
  /** When it was first in doubt; null when it never was. */
  readonly doubtedAtMs: number | null;
  /** A sale that nobody asked for by a request of its own: no caller gets its command, so the ledger sends it. */
  readonly ledgerSends: boolean;
}

/** Surfaced money by the result that told of it. */
export interface SurfacedCharge extends SurfacedMoney {
  readonly resultId: string;
}

/** A payment as the ledger keeps it. `sequence` is also what a change is compared with: nobody else changed the payment while it stands. */
export interface PaymentRecord {
  readonly shown: Omit<Payment, 'attempts' | 'redoable' | 'conflicts' | 'surfaced'>;
  /** False for a payment meant in addition to others of its order (design-money, clause 16). */
  readonly orderExclusive: boolean;
  /** Approvals that surfaced after their attempt's end and wait for a decision (design-money, clause 10). */
  readonly surfacedUndecided: number;
  /** Those and the decided ones, oldest first. */
  readonly surfaced: readonly SurfacedCharge[];
  /** What those come to, less what was given back of them. Not part of `chargedAmount`. */
  readonly surfacedMinor: number;
  /** What open returns may give back; those in doubt count in full (design-money, clause 15). */
  readonly refundPendingMinor: number;
  /** The site's setting when the payment was opened. */
  readonly lateApproval: LateApproval;
  /** When the ledger is next to decide about late money of the payment; null when there is nothing to decide. */
  readonly decideAtMs: number | null;
  /** The QR of the attempt that follows once the running one is proved uncharged; null where that goes through the terminal, or none follows. */
  readonly switchQr: QrRecord | null;
  /** The QR that follows once the guest presses cancel while a card is asked for, and back to the card from it; null where that key only cancels. */
  readonly guestQr: QrRecord | null;
  /** By number, ascending. */
  readonly attempts: readonly AttemptRecord[];
}

/** The payment as the contract shows it. */
export function showPayment(record: PaymentRecord): Payment {
  const { shown, surfaced, surfacedUndecided } = record;
  return {
    ...shown,
    redoable: isRedoable({ status: shown.status, closed: shown.closedAt !== null, surfacedUndecided: surfacedUndecided > 0 }),
    attempts: record.attempts.map(showAttempt),
    conflicts: conflictsOf(record.attempts),
    surfaced: surfaced.map(({ resultId: _resultId, ...money }) => money),
  };
}

/** The attempt with that id; it must be there. */
export function attemptOf(record: PaymentRecord, attemptId: string): AttemptRecord {
  const found = record.attempts.find((attempt) => attempt.shown.id === attemptId);
  check(found, `${attemptId} belongs to ${record.shown.id}`);
  return found;
}

/** The number of a further attempt. */
export function nextNumber(record: PaymentRecord): number {
  return Math.max(...record.attempts.map(({ shown }) => shown.number)) + 1;
}

/** The attempt that holds the payment now: queued, granted or in doubt. Null when none does. */
export function openSaleOf(record: Pick<PaymentRecord, 'attempts'>): AttemptRecord | null {
  return record.attempts.find((attempt) => attempt.shown.operation === 'sale' && isOpen(attempt)) ?? null;
}

/** The return that is queued, granted or in doubt. Null when none is. */
export function openReturnOf(record: Pick<PaymentRecord, 'attempts'>): AttemptRecord | null {
  return record.attempts.find((attempt) => attempt.shown.operation !== 'sale' && isOpen(attempt)) ?? null;
}

function isOpen({ shown }: AttemptRecord): boolean {
  return !isFinalAttempt(shown.status);
}

/** The command that tells a worker of a queued attempt; null when it is past that, or is no worker's. */
export function commandOf(record: PaymentRecord, attemptId: string): PaymentCommand | null {
  const attempt = attemptOf(record, attemptId);
  return attempt.shown.status === 'queued' && !isBankReturn(attempt) ? workCommandOf(record, attemptId) : null;
}

/** Whether it gives money back through a bank: the ledger asks the bank itself (design-money, clause 19). */
export function isBankReturn({ shown, moneyPath }: AttemptRecord): boolean {
  return moneyPath === 'bank_qr' && shown.operation !== 'sale';
}

/** The command that names an attempt to a worker, whatever has become of it: what is done about it the permit decides. */
export function workCommandOf(record: PaymentRecord, attemptId: string): PaymentCommand {
  const { shown, expiresAtMs, original, moneyPath } = attemptOf(record, attemptId);
  const { id: paymentId, siteId, currency } = record.shown;
  return {
    attemptId,
    paymentId,
    siteId,
    terminalId: shown.terminalId,
    operation: shown.operation,
    method: shown.method,
    ...(moneyPath === 'terminal' ? {} : { moneyPath }),
    amount: shown.amount,
    currency,
    expiresAt: new Date(expiresAtMs).toISOString(),
    original: original && { attemptId: original.attemptId, rrn: original.rrn, authorisationCode: original.authorisationCode },
  };
}

/** The part of an attempt that permit and lease are decided by. */
export function permittedAttempt(attempt: AttemptRecord): PermittedAttempt {
  const { shown, permit } = attempt;
  return {
    attemptId: shown.id,
    status: shown.status,
    nonce: permit?.nonce ?? null,
    workerId: permit?.workerId ?? null,
    recovering: (permit?.takeOvers ?? 0) > 0,
    leaseUntilMs: permit?.leaseUntilMs ?? null,
    grantedAtMs: permit?.grantedAtMs ?? null,
    moneyPath: attempt.moneyPath,
  };
}

/** The attempt with what the bank said written into it. */
export function withFacts(attempt: AttemptRecord, facts: BankFacts): AttemptRecord {
  const { merchantId, terminalTime } = facts;
  return { ...attempt, merchantId, terminalTime, shown: { ...attempt.shown, ...shownFacts(facts) } };
}

/** A time of the ledger's clock as the contract writes it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
