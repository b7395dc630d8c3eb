import type { AttemptResult } from '@kkm/core';
import { changeOf, hiddenChangeOf } from './change';
import type { Change } from './change';
import { decisiveOf, evidenceOf } from './evidence';
import { timeText } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { answered, awaitsTerminal } from './resolution';
import type { ResolutionWrite, TerminalSaid } from './resolution';
import type { LedgerSurroundings } from './surroundings';

/** What is decided; `surfaces`: the terminal tells of money that the person did not know of, and this is its answer. */
export type AfterPerson =
  | { readonly kind: 'confirm' | 'conflict' | 'still-unknown'; readonly change: Change }
  | { readonly kind: 'surfaces'; readonly resolution: ResolutionWrite }
  | { readonly kind: 'drop'; readonly why: 'not-in-force' };

/**
 * Decides about a result of an attempt that a person decided and the terminal has not answered for yet; null when the usual rules hold.
 * The attempt's outcome stays the person's: the terminal confirms it, or stands beside it as a conflict (design-money, clauses 9 and 10).
 */
export function decideAfterPerson(
  { record, result }: { readonly record: PaymentRecord; readonly result: AttemptResult },
  attempt: AttemptRecord,
  around: LedgerSurroundings,
): AfterPerson | null {
  if (!awaitsTerminal(attempt)) return null;
  const { resultId, outcome } = result;
  const evidence = evidenceOf(record, attempt, result);
  const { kind } = outcome;
  if (kind === 'unknown') return { kind: 'still-unknown', change: hiddenChangeOf(record, { resultId, evidence }) };
  if (!isTerminalsWord(result, attempt)) return { kind: 'drop', why: 'not-in-force' };
  const chargedMinor = outcome.kind === 'approved' ? outcome.chargedMinor : 0;
  const agrees = (kind === 'approved') === (attempt.shown.status === 'approved') && chargedMinor === attempt.chargedMinor;
  const said: TerminalSaid = { at: timeText(around.nowMs()), outcome: kind, chargedMinor, agrees, facts: outcome.facts, evidence: decisiveOf(evidence) };
  const resolution = answered(attempt, said);
  if (kind === 'approved' && attempt.shown.status !== 'approved') return { kind: 'surfaces', resolution };
  const told = { silent: true, resultId, evidence, resolution } as const;
  return agrees
    ? { kind: 'confirm', change: changeOf(record, { ...told, alsoEvents: ['confirmed'] }, around) }
    : { kind: 'conflict', change: changeOf(record, { ...told, alsoEvents: ['conflict'] }, around) };
}

/** An approval is believed whoever brings it. An end without a charge must come from the handling in force, or from recovery, which has no permit to show once a person has decided. */
function isTerminalsWord({ outcome, source, nonce }: AttemptResult, { permit }: AttemptRecord): boolean {
  if (outcome.kind === 'approved' || source === 'recovery') return true;
  return source === 'answer' && permit?.nonce === nonce;
}
