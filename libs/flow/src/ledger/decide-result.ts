import { check, isFinalAttempt, paymentStatus } from '@kkm/core';
import type { AttemptHappening, AttemptResult, Outcome } from '@kkm/core';
import { chargePostings } from './books';
import { cancelAfter, changeOf, hiddenChangeOf } from './change';
import type { Change, ChargeWrite } from './change';
import { isSameMoney } from './charges';
import type { ChargeRecord } from './charges';
import { decideAfterPerson } from './decide-after-person';
import { lateReturn, recordReturn } from './decide-return';
import { happen, lapse, withdraw, withOutcome } from './end-attempt';
import { evidenceOf } from './evidence';
import { attemptOf, openSaleOf } from './records';
import type { AttemptRecord, PaymentRecord, PermitRecord } from './records';
import type { ResolutionWrite } from './resolution';
import type { LedgerSurroundings } from './surroundings';

/** Why a result changes nothing. `not-in-force`: another handling of the attempt has taken over and will tell. `no-permit`: it speaks of an attempt that never had one. */
export type DropReason = 'duplicate' | 'already-final' | 'not-in-force' | 'no-permit';

/**
 * What the ledger does with a result. `confirm`, `conflict`: the terminal's word beside a person's decision.
 * `orphan`: money was given back for which the books have no room; a person must look.
 */
export type ResultDecision =
  | { readonly kind: 'record' | 'surface' | 'still-unknown' | 'confirm' | 'conflict'; readonly change: Change }
  | { readonly kind: 'drop'; readonly why: DropReason }
  | { readonly kind: 'orphan' };

/** What the decision rests on. `charges`: all of the payment, asked for only where {@link needsCharges} says so. */
export interface ResultFacts {
  readonly record: PaymentRecord;
  readonly result: AttemptResult;
  readonly charges: readonly ChargeRecord[];
}

/** Whether a result can only be decided about with the payment's charges at hand: a late approval, one of a return, and the refusal of a void. */
export function needsCharges(record: PaymentRecord, result: AttemptResult): boolean {
  const { operation, status } = attemptOf(record, result.attemptId).shown;
  if (operation === 'void') return result.outcome.kind !== 'unknown';
  return result.outcome.kind === 'approved' && (operation !== 'sale' || isFinalAttempt(status));
}

type Approved = Extract<Outcome, { kind: 'approved' }>;

/** Decides about a result of a known attempt. An approval is never dropped unless it is recorded already, whoever brings it and however late. */
export function decideResult(facts: ResultFacts, around: LedgerSurroundings): ResultDecision {
  const { record, result } = facts;
  const attempt = attemptOf(record, result.attemptId);
  const { status } = attempt.shown;
  if (isFinalAttempt(status)) return decideFinal(facts, attempt, around);
  if (status === 'queued') return decideUnpermitted(facts, attempt, around);
  // What became of a bank's QR only the bank can say.
  if (attempt.moneyPath === 'bank_qr' && result.source !== 'bank' && result.outcome.kind !== 'approved') return { kind: 'drop', why: 'not-in-force' };
  const inForce = attempt.permit?.nonce === result.nonce;
  if (!inForce && result.outcome.kind !== 'approved') return { kind: 'drop', why: 'not-in-force' };
  if (status === 'unknown' && result.outcome.kind === 'unknown') return { kind: 'still-unknown', change: stillUnknown(facts, attempt, around) };
  return { kind: 'record', change: recordChange(facts, happen(attempt, happeningOf(result.outcome), around.nowMs()), around) };
}

/** Nothing was learned, but what the terminal was asked and said is worth a person's look. */
function stillUnknown({ record, result }: ResultFacts, attempt: AttemptRecord, around: LedgerSurroundings): Change {
  return hiddenChangeOf(record, { permit: lapse(result, around.nowMs()), resultId: result.resultId, evidence: evidenceOf(record, attempt, result) });
}

/** A result for a queued attempt: the terminal was never reachable, or the ledger lost the memory of a permit. */
function decideUnpermitted(facts: ResultFacts, attempt: AttemptRecord, around: LedgerSurroundings): ResultDecision {
  const { record, result } = facts;
  const { outcome } = result;
  if (outcome.kind === 'approved') {
    // Money moved, so the attempt had a permit, whatever the tables say; granting it here bars every later grant.
    const now = around.nowMs();
    const { workerId } = result;
    const nonce = result.nonce ?? result.resultId;
    const permit: PermitRecord = { nonce, workerId, grantedTo: workerId, grantedAtMs: now, leaseUntilMs: now, takeOvers: 0 };
    const granted = { ...happen(attempt, 'grant', now), permit };
    const change = recordChange(facts, happen(granted, 'approve', now), around);
    return { kind: 'record', change: { ...change, permit: { kind: 'grant', attemptId: attempt.shown.id, permit } } };
  }
  const proved = result.source === 'unpermitted' && result.nonce === null;
  if (!proved || (outcome.kind !== 'failed' && outcome.kind !== 'cancelled')) return { kind: 'drop', why: 'no-permit' };
  if (outcome.kind === 'failed' || attempt.shown.operation !== 'sale')
    return { kind: 'record', change: recordChange(facts, happen(attempt, 'fail-unpermitted', around.nowMs()), around) };
  const change = changeOf(
    record,
    {
      changed: [withdraw(attempt, around.nowMs())],
      shown: { cancelRequested: cancelAfter(record.shown.cancelRequested, 'cancelled') },
      resultId: result.resultId,
      evidence: evidenceOf(record, attempt, result),
    },
    around,
  );
  return { kind: 'record', change };
}

function decideFinal(facts: ResultFacts, attempt: AttemptRecord, around: LedgerSurroundings): ResultDecision {
  const decision = decideAfterPerson(facts, attempt, around);
  if (decision?.kind === 'surfaces') return decideLate({ ...facts, resolution: decision.resolution }, attempt, around);
  return decision ?? decideLate(facts, attempt, around);
}

/** A result after the end: a repeat, or money that surfaced (design-money, clause 10), against a person's decision where `resolution` is given. */
function decideLate(facts: ResultFacts & { readonly resolution?: ResolutionWrite }, attempt: AttemptRecord, around: LedgerSurroundings): ResultDecision {
  const { outcome } = facts.result;
  if (outcome.kind !== 'approved') return { kind: 'drop', why: attempt.shown.status === outcome.kind ? 'duplicate' : 'already-final' };
  if (attempt.shown.operation === 'sale') return decideSurfaced(facts, attempt, around);
  const late = lateReturn(facts, attempt, around);
  if (late === 'duplicate') return { kind: 'drop', why: 'duplicate' };
  return late === 'no-room' ? { kind: 'orphan' } : { kind: 'surface', change: late };
}

function decideSurfaced(facts: ResultFacts & { readonly resolution?: ResolutionWrite }, attempt: AttemptRecord, around: LedgerSurroundings): ResultDecision {
  const { record, result, charges, resolution } = facts;
  const { outcome } = result;
  check(outcome.kind === 'approved', 'only an approval surfaces');
  const told = { amountMinor: outcome.chargedMinor, rrn: outcome.facts.rrn };
  const known = [...charges.filter(({ attemptId }) => attemptId === result.attemptId), ...toldBefore(attempt)];
  if (known.some((charge) => isSameMoney(charge, told))) return { kind: 'drop', why: 'duplicate' };
  const charge = chargeOf(result, outcome, true);
  const postings = chargePostings(record, {
    resultId: result.resultId,
    terminalId: result.terminalId,
    amountMinor: outcome.chargedMinor,
    kind: 'surfaced-charge',
  });
  // A redo that has not begun would charge the guest a second time.
  const open = openSaleOf(record);
  const changed = open?.shown.status === 'queued' ? [withdraw(open, around.nowMs())] : [];
  const wanted = {
    changed,
    silent: changed.length === 0,
    charge,
    postings,
    resultId: result.resultId,
    evidence: evidenceOf(record, attempt, result),
    money: { surfacedUndecided: record.surfacedUndecided + 1, surfacedMinor: record.surfacedMinor + outcome.chargedMinor },
    ...(resolution ? { resolution, alsoEvents: ['surfaced', 'conflict'] as const } : { alsoEvents: ['surfaced'] as const }),
  };
  return { kind: 'surface', change: changeOf(record, wanted, around) };
}

/** A charge that the terminal told of and that stands beside the person's, in conflict with it: no further money. */
function toldBefore({ resolution }: AttemptRecord): readonly Pick<ChargeRecord, 'amountMinor' | 'rrn'>[] {
  const said = resolution?.terminal;
  return said?.outcome === 'approved' ? [{ amountMinor: said.chargedMinor, rrn: said.facts.rrn }] : [];
}

/** The change that writes an outcome into an attempt that has just reached its status. */
function recordChange(facts: ResultFacts, attempt: AttemptRecord, around: LedgerSurroundings): Change {
  return attempt.shown.operation === 'sale' ? recordSale(facts, attempt, around) : recordReturn(facts, attempt, around);
}

function recordSale({ record, result }: ResultFacts, attempt: AttemptRecord, around: LedgerSurroundings): Change {
  const { outcome } = result;
  const after = withOutcome(attempt, result);
  const attempts = record.attempts.map((other) => (other.shown.id === attempt.shown.id ? after : other));
  const charged = outcome.kind === 'approved' ? outcome.chargedMinor : 0;
  const chargedAmount = record.shown.chargedAmount + charged;
  const status = paymentStatus(
    attempts.map(({ shown }) => shown),
    chargedAmount,
  );
  const money =
    outcome.kind === 'approved'
      ? {
          charge: chargeOf(result, outcome, false),
          postings: chargePostings(record, { resultId: result.resultId, terminalId: attempt.shown.terminalId, amountMinor: charged, kind: 'charge' }),
        }
      : {};
  const permit = outcome.kind === 'unknown' ? { permit: lapse(result, around.nowMs()) } : {};
  const alsoEvents = record.shown.status === 'in_doubt' && status !== 'in_doubt' ? (['resolved'] as const) : [];
  const shown = { chargedAmount, cancelRequested: cancelAfter(record.shown.cancelRequested, status) };
  const evidence = evidenceOf(record, attempt, result);
  return changeOf(record, { changed: [after], shown, alsoEvents, resultId: result.resultId, evidence, ...money, ...permit }, around);
}

function chargeOf(result: AttemptResult, outcome: Approved, surfaced: boolean): ChargeWrite {
  return { attemptId: result.attemptId, resultId: result.resultId, amountMinor: outcome.chargedMinor, facts: outcome.facts, surfaced };
}

function happeningOf(outcome: Outcome): AttemptHappening {
  switch (outcome.kind) {
    case 'approved':
      return 'approve';
    case 'declined':
      return 'decline';
    case 'cancelled':
      return 'cancel';
    case 'failed':
      return 'fail';
    case 'unknown':
      return 'lose';
  }
}
