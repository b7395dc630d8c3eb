import { isFinalAttempt, paymentStatus } from '@kkm/core';
import type { AttemptHappening, AttemptResult, Outcome } from '@kkm/core';
import { chargePostings } from './books';
import { cancelAfter, changeOf, hiddenChangeOf } from './change';
import type { Change, ChargeWrite } from './change';
import { decideAfterPerson } from './decide-after-person';
import { happen, withdraw } from './end-attempt';
import { evidenceOf } from './evidence';
import { attemptOf, openSaleOf, withFacts } from './records';
import type { AttemptRecord, PaymentRecord, PermitRecord } from './records';
import type { ResolutionWrite } from './resolution';
import type { LedgerSurroundings } from './surroundings';

/** Why a result changes nothing. `not-in-force`: another handling of the attempt has taken over and will tell. `no-permit`: it speaks of an attempt that never had one. */
export type DropReason = 'duplicate' | 'already-final' | 'not-in-force' | 'no-permit';

/** What the ledger does with a result. `confirm`, `conflict`: the terminal's word beside a person's decision. */
export type ResultDecision =
  | { readonly kind: 'record' | 'surface' | 'still-unknown' | 'confirm' | 'conflict'; readonly change: Change }
  | { readonly kind: 'drop'; readonly why: DropReason };

/** What the decision rests on. `charges`: approvals recorded for the attempt, asked for only when it is final. */
export interface ResultFacts {
  readonly record: PaymentRecord;
  readonly result: AttemptResult;
  readonly charges: readonly { readonly amountMinor: number; readonly rrn: string | null }[];
}

type Approved = Extract<Outcome, { kind: 'approved' }>;

/** Decides about a result of a known attempt. An approval is never dropped unless it is recorded already, whoever brings it and however late. */
export function decideResult(facts: ResultFacts, around: LedgerSurroundings): ResultDecision {
  const { record, result } = facts;
  const attempt = attemptOf(record, result.attemptId);
  const { status } = attempt.shown;
  if (isFinalAttempt(status)) return decideFinal(facts, attempt, around);
  if (status === 'queued') return decideUnpermitted(facts, attempt, around);
  const inForce = attempt.permit?.nonce === result.nonce;
  if (!inForce && result.outcome.kind !== 'approved') return { kind: 'drop', why: 'not-in-force' };
  if (status === 'unknown' && result.outcome.kind === 'unknown') return { kind: 'still-unknown', change: stillUnknown(facts, attempt, around) };
  return { kind: 'record', change: recordChange(facts, happen(attempt, happeningOf(result.outcome), around.nowMs()), around) };
}

/** Nothing was learned, but what the terminal was asked and said is worth a person's look. */
function stillUnknown({ record, result }: ResultFacts, attempt: AttemptRecord, around: LedgerSurroundings): Change {
  return hiddenChangeOf(record, { permit: lapse(result, around), resultId: result.resultId, evidence: evidenceOf(record, attempt, result) });
}

/** A result for a queued attempt: the terminal was never reachable, or the ledger lost the memory of a permit. */
function decideUnpermitted(facts: ResultFacts, attempt: AttemptRecord, around: LedgerSurroundings): ResultDecision {
  const { record, result } = facts;
  const { outcome } = result;
  if (outcome.kind === 'approved') {
    // Money moved, so the attempt had a permit, whatever the tables say; granting it here bars every later grant.
    const now = around.nowMs();
    const permit: PermitRecord = { nonce: result.nonce ?? result.resultId, workerId: result.workerId, grantedAtMs: now, leaseUntilMs: now, takeOvers: 0 };
    const granted = { ...happen(attempt, 'grant', now), permit };
    const change = recordChange(facts, happen(granted, 'approve', now), around);
    return { kind: 'record', change: { ...change, permit: { kind: 'grant', attemptId: attempt.shown.id, permit } } };
  }
  const proved = result.source === 'unpermitted' && result.nonce === null;
  if (!proved || (outcome.kind !== 'failed' && outcome.kind !== 'cancelled')) return { kind: 'drop', why: 'no-permit' };
  if (outcome.kind === 'failed') return { kind: 'record', change: recordChange(facts, happen(attempt, 'fail-unpermitted', around.nowMs()), around) };
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
  const { record, result, charges, resolution } = facts;
  const { outcome } = result;
  if (outcome.kind !== 'approved') return { kind: 'drop', why: attempt.shown.status === outcome.kind ? 'duplicate' : 'already-final' };
  if ([...charges, ...toldBefore(attempt)].some((charge) => isSameCharge(charge, outcome))) return { kind: 'drop', why: 'duplicate' };
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
    surfacedUndecided: record.surfacedUndecided + 1,
    ...(resolution ? { resolution, alsoEvents: ['surfaced', 'conflict'] as const } : { alsoEvents: ['surfaced'] as const }),
  };
  return { kind: 'surface', change: changeOf(record, wanted, around) };
}

/** A charge that the terminal told of and that stands beside the person's, in conflict with it: no further money. */
function toldBefore({ resolution }: AttemptRecord): ResultFacts['charges'] {
  const said = resolution?.terminal;
  return said?.outcome === 'approved' ? [{ amountMinor: said.chargedMinor, rrn: said.facts.rrn }] : [];
}

/** The same money told twice: equal amounts, and no two retrieval references that differ. */
function isSameCharge(charge: { readonly amountMinor: number; readonly rrn: string | null }, outcome: Approved): boolean {
  const { rrn } = outcome.facts;
  return charge.amountMinor === outcome.chargedMinor && (charge.rrn === null || rrn === null || charge.rrn === rrn);
}

/** The change that writes an outcome into an attempt that has just reached its status. */
function recordChange({ record, result }: ResultFacts, attempt: AttemptRecord, around: LedgerSurroundings): Change {
  const { outcome } = result;
  const after = withOutcome(attempt, result);
  const attempts = record.attempts.map((other) => (other.shown.id === attempt.shown.id ? after : other));
  const status = paymentStatus(attempts.map(({ shown }) => shown));
  const charged = outcome.kind === 'approved' ? outcome.chargedMinor : 0;
  const money =
    outcome.kind === 'approved'
      ? {
          charge: chargeOf(result, outcome, false),
          postings: chargePostings(record, { resultId: result.resultId, terminalId: attempt.shown.terminalId, amountMinor: charged, kind: 'charge' }),
        }
      : {};
  const permit = outcome.kind === 'unknown' ? { permit: lapse(result, around) } : {};
  const alsoEvents = record.shown.status === 'in_doubt' && status !== 'in_doubt' ? (['resolved'] as const) : [];
  const shown = { chargedAmount: record.shown.chargedAmount + charged, cancelRequested: cancelAfter(record.shown.cancelRequested, status) };
  const evidence = evidenceOf(record, attempt, result);
  return changeOf(record, { changed: [after], shown, alsoEvents, resultId: result.resultId, evidence, ...money, ...permit }, around);
}

function withOutcome(attempt: AttemptRecord, result: AttemptResult): AttemptRecord {
  const { outcome, readFailures } = result;
  const told = withFacts(attempt, outcome.facts);
  const reason = outcome.kind === 'approved' ? null : outcome.reason;
  const chargedMinor = outcome.kind === 'approved' ? outcome.chargedMinor : 0;
  return { ...told, chargedMinor, shown: { ...told.shown, reason, readFailures } };
}

/** An attempt in doubt is nobody's until somebody takes it over to recover it, so its lease ends now. */
function lapse(result: AttemptResult, around: LedgerSurroundings) {
  return { kind: 'lapse', attemptId: result.attemptId, nonce: result.nonce ?? '', leaseUntilMs: around.nowMs() } as const;
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
