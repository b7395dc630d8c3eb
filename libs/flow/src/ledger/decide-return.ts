import { check, paymentStatus } from '@kkm/core';
import type { AttemptResult, Outcome } from '@kkm/core';
import { returnPostings } from './books';
import { cancelAfter, changeOf } from './change';
import type { Change, Wanted } from './change';
import { isSameMoney, leftMinor } from './charges';
import type { ChargeRecord } from './charges';
import { lapse, withdraw, withOutcome } from './end-attempt';
import { evidenceOf } from './evidence';
import { openReturn, returnHindrance } from './open-return';
import { openReturnOf } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { returnTimes } from './surroundings';
import type { LedgerSurroundings } from './surroundings';

type Approved = Extract<Outcome, { kind: 'approved' }>;

/** What the decision about a return's result rests on: the payment and all of its charges. */
export interface ReturnFacts {
  readonly record: PaymentRecord;
  readonly result: AttemptResult;
  readonly charges: readonly ChargeRecord[];
}

/** The change that writes a result into a return that has just reached its status. In doubt it counts in full; otherwise what it held is free again (design-money, clause 15). */
export function recordReturn(facts: ReturnFacts, attempt: AttemptRecord, around: LedgerSurroundings): Change {
  const { record, result } = facts;
  const { outcome } = result;
  const after = withOutcome(attempt, result);
  if (outcome.kind === 'unknown')
    return changeOf(record, { ...told(facts, attempt), changed: [after], silent: true, permit: lapse(result, around.nowMs()) }, around);
  if (outcome.kind !== 'approved') return refundInstead(facts, after, around) ?? endReturn(record, { ended: after, ...told(facts, attempt) }, around);
  const wanted = givenBack(facts, after, outcome);
  check(wanted, 'an open return has its charge and room for what it gives back');
  return changeOf(record, { ...wanted, changed: [after], money: { ...wanted.money, refundPendingMinor: pendingWithout(record, attempt) } }, around);
}

/**
 * A terminal that is asked to void and proves that it did not, for example because it was settled meanwhile, is asked to refund the same money, once and in
 * the same change: nobody has to come back for it. Null where that is not the case.
 */
function refundInstead({ record, result, charges }: ReturnFacts, voided: AttemptRecord, around: LedgerSurroundings): Change | null {
  const { operation, status, reason } = voided.shown;
  const isRefused = status === 'declined' || (status === 'failed' && reason === 'not_supported');
  const charge = charges.find(({ resultId }) => resultId === voided.original?.chargeResultId);
  if (operation !== 'void' || !isRefused || !charge) return null;
  const ended: PaymentRecord = {
    ...record,
    attempts: record.attempts.map((other) => (other.shown.id === voided.shown.id ? voided : other)),
    refundPendingMinor: pendingWithout(record, voided),
  };
  const refund = { charge, operation: 'refund', amountMinor: voided.shown.amount, expiresInSeconds: returnTimes.expiresInSeconds } as const;
  if (record.attempts.some(isRefundOf(charge)) || returnHindrance(ended, refund) !== null) return null;
  const wanted = openReturn(ended, refund, around);
  return changeOf(ended, { ...told({ record, result, charges }, voided), ...wanted, changed: [voided] }, around);
}

function isRefundOf(charge: ChargeRecord): (attempt: AttemptRecord) => boolean {
  return ({ shown, original }) => shown.operation === 'refund' && original?.chargeResultId === charge.resultId;
}

/** The change that ends a return by which nothing was given back; the payment's status stays. */
export function endReturn(
  record: PaymentRecord,
  end: { readonly ended: AttemptRecord } & Pick<Wanted, 'resultId' | 'evidence'>,
  around: LedgerSurroundings,
): Change {
  const { ended, ...told } = end;
  const money = { refundPendingMinor: pendingWithout(record, ended) };
  return changeOf(record, { ...told, changed: [ended], silent: true, money, alsoEvents: ['refund_failed'] }, around);
}

function told({ record, result }: ReturnFacts, attempt: AttemptRecord): Required<Pick<Wanted, 'resultId' | 'evidence'>> {
  return { resultId: result.resultId, evidence: evidenceOf(record, attempt, result) };
}

/**
 * An approval for a return that had ended otherwise: the money is with the guest, so it is written down.
 * `duplicate`: it is written down already. `no-room`: more was given back than was charged; only a person can tell why.
 */
export function lateReturn(facts: ReturnFacts, attempt: AttemptRecord, around: LedgerSurroundings): Change | 'duplicate' | 'no-room' {
  const { record, result, charges } = facts;
  const { outcome } = result;
  check(outcome.kind === 'approved', 'only an approval is told late');
  const money = { amountMinor: outcome.chargedMinor, rrn: outcome.facts.rrn };
  const made = charges.flatMap(({ returns }) => returns).filter(({ attemptId }) => attemptId === attempt.shown.id);
  if (made.some((known) => isSameMoney(known, money))) return 'duplicate';
  const wanted = givenBack({ ...facts, late: true }, attempt, outcome);
  // A further return that has not begun would give the same money back again.
  const open = openReturnOf(record);
  const withdrawn = open?.shown.status === 'queued' ? withdraw(open, around.nowMs()) : null;
  const refundPendingMinor = withdrawn ? pendingWithout(record, withdrawn) : record.refundPendingMinor;
  const room = record.shown.chargedAmount + record.surfacedMinor - record.shown.refundedAmount - refundPendingMinor;
  if (!wanted || outcome.chargedMinor > room) return 'no-room';
  return changeOf(record, { ...wanted, changed: withdrawn ? [withdrawn] : [], money: { ...wanted.money, refundPendingMinor } }, around);
}

function pendingWithout(record: PaymentRecord, attempt: AttemptRecord): number {
  const left = record.refundPendingMinor - attempt.shown.amount;
  check(left >= 0, 'an open return is counted as pending');
  return left;
}

/** What follows from money given back; null when its charge has not so much left. An undecided charge is thereby decided: what was returned of it had been charged. */
function givenBack(about: ReturnFacts & { readonly late?: boolean }, attempt: AttemptRecord, { chargedMinor, facts }: Approved): Wanted | null {
  const { record, result, charges, late = false } = about;
  const charge = charges.find(({ resultId }) => resultId === attempt.original?.chargeResultId);
  if (!charge || chargedMinor > leftMinor(charge)) return null;
  const undecided = charge.disposition === 'undecided';
  const isWhole = chargedMinor === leftMinor(charge);
  const chargedAmount = record.shown.chargedAmount + (undecided ? chargedMinor : 0);
  const status = paymentStatus(
    record.attempts.map(({ shown }) => shown),
    chargedAmount,
  );
  const { terminalId } = attempt.shown;
  return {
    returned: { chargeResultId: charge.resultId, attemptId: attempt.shown.id, resultId: result.resultId, amountMinor: chargedMinor, facts, surfaced: late },
    ...(isWhole ? { disposed: { chargeResultId: charge.resultId, disposition: 'returned' } } : {}),
    shown: { chargedAmount, refundedAmount: record.shown.refundedAmount + chargedMinor, cancelRequested: cancelAfter(record.shown.cancelRequested, status) },
    money: undecided ? { surfacedMinor: record.surfacedMinor - chargedMinor, surfacedUndecided: record.surfacedUndecided - (isWhole ? 1 : 0) } : {},
    postings: returnPostings(record, { resultId: result.resultId, terminalId, amountMinor: chargedMinor, undecided }),
    ...told(about, attempt),
    silent: status === record.shown.status,
    alsoEvents: undecided && isWhole ? ['resolved', 'refunded'] : ['refunded'],
  };
}
