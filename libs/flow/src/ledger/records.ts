import { check, isRedoable } from '@kkm/core';
import type { Attempt, BankFacts, Payment, PaymentCommand, PermittedAttempt, SurfacedMoney } from '@kkm/core';
import { conflictsOf, showAttempt, shownFacts } from './resolution';
import type { ResolutionRecord } from './resolution';

/** Through what an attempt's money moves. Only `terminal` keeps its terminal for itself until the outcome is known (design-money, clause 4). */
export type MoneyPath = 'terminal' | 'bank_qr';

/** The permit of an attempt: granted once; the nonce changes only when a recovery takes over. */
export interface PermitRecord {
  readonly nonce: string;
  readonly workerId: string;
  readonly grantedAtMs: number;
  readonly leaseUntilMs: number;
  readonly takeOvers: number;
}

/** An attempt as the ledger keeps it: what the contract shows, and what it does not. */
export interface AttemptRecord {
  readonly shown: Omit<Attempt, 'resolvedBy'>;
  readonly moneyPath: MoneyPath;
  readonly expiresAtMs: number;
  /** What the bank took in this attempt; 0 unless approved. */
  readonly chargedMinor: number;
  readonly merchantId: string | null;
  readonly terminalTime: string | null;
  readonly permit: PermitRecord | null;
  /** The person's decision that ended it; null when none did. */
  readonly resolution: ResolutionRecord | null;
}

/** A payment as the ledger keeps it. `sequence` is also what a change is compared with: nobody else changed the payment while it stands. */
export interface PaymentRecord {
  readonly shown: Omit<Payment, 'attempts' | 'redoable' | 'conflicts' | 'surfaced'>;
  /** False for a payment meant in addition to others of its order (design-money, clause 16). */
  readonly orderExclusive: boolean;
  /** Approvals that surfaced after their attempt's end and wait for a decision (design-money, clause 10). */
  readonly surfacedUndecided: number;
  /** Those and the decided ones, oldest first. */
  readonly surfaced: readonly SurfacedMoney[];
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
    surfaced,
  };
}

/** The attempt with that id; it must be there. */
export function attemptOf(record: PaymentRecord, attemptId: string): AttemptRecord {
  const found = record.attempts.find((attempt) => attempt.shown.id === attemptId);
  check(found, `${attemptId} belongs to ${record.shown.id}`);
  return found;
}

/** The attempt that holds the payment now: queued, granted or in doubt. Null when none does. */
export function openSaleOf(record: PaymentRecord): AttemptRecord | null {
  const isOpen = ({ shown }: AttemptRecord): boolean =>
    shown.operation === 'sale' && (shown.status === 'queued' || shown.status === 'granted' || shown.status === 'unknown');
  return record.attempts.find(isOpen) ?? null;
}

/** The command that tells a worker of a queued attempt, or null when it is past that. */
export function commandOf(record: PaymentRecord, attemptId: string): PaymentCommand | null {
  const { shown, expiresAtMs } = attemptOf(record, attemptId);
  if (shown.status !== 'queued') return null;
  const { id: paymentId, siteId, currency } = record.shown;
  return {
    attemptId,
    paymentId,
    siteId,
    terminalId: shown.terminalId,
    operation: shown.operation,
    method: shown.method,
    amount: shown.amount,
    currency,
    expiresAt: new Date(expiresAtMs).toISOString(),
    original: null,
  };
}

/** The part of an attempt that permit and lease are decided by. */
export function permittedAttempt(attempt: AttemptRecord): PermittedAttempt {
  const { shown, permit } = attempt;
  return {
    attemptId: shown.id,
    status: shown.status,
    nonce: permit?.nonce ?? null,
    recovering: (permit?.takeOvers ?? 0) > 0,
    leaseUntilMs: permit?.leaseUntilMs ?? null,
    grantedAtMs: permit?.grantedAtMs ?? null,
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
