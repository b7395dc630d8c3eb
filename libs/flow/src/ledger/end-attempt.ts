import { check, nextAttemptStatus } from '@kkm/core';
import type { AttemptHappening, AttemptResult, Method } from '@kkm/core';
import type { PermitWrite } from './change';
import { timeText, withFacts } from './records';
import type { AttemptRecord } from './records';

/** The attempt after something happened to it; the machine must allow it. An end notes its time in `finishedAt`, the first doubt in `doubtedAtMs`. */
export function happen(attempt: AttemptRecord, happening: AttemptHappening, nowMs: number): AttemptRecord {
  const status = nextAttemptStatus(attempt.shown.status, happening);
  check(status, `${happening} cannot happen to an attempt that is ${attempt.shown.status}`);
  const finishedAt = status === 'granted' || status === 'unknown' ? null : timeText(nowMs);
  const grantedAt = status === 'granted' ? timeText(nowMs) : attempt.shown.grantedAt;
  const doubtedAtMs = status === 'unknown' ? (attempt.doubtedAtMs ?? nowMs) : attempt.doubtedAtMs;
  return { ...attempt, doubtedAtMs, shown: { ...attempt.shown, status, grantedAt, finishedAt } };
}

/** A queued attempt that the cashier's cancel, or money from elsewhere, takes back before it began. */
export function withdraw(attempt: AttemptRecord, nowMs: number): AttemptRecord {
  const withdrawn = happen(attempt, 'withdraw', nowMs);
  return { ...withdrawn, shown: { ...withdrawn.shown, reason: 'cashier_cancelled' } };
}

/** The attempt with the outcome of a result written into it. */
export function withOutcome(attempt: AttemptRecord, { outcome, readFailures }: AttemptResult): AttemptRecord {
  const told = withFacts(attempt, outcome.facts);
  const reason = outcome.kind === 'approved' ? null : outcome.reason;
  const chargedMinor = outcome.kind === 'approved' && attempt.shown.operation === 'sale' ? outcome.chargedMinor : 0;
  return { ...told, chargedMinor, shown: { ...told.shown, method: usedMethod(told.shown), reason, readFailures } };
}

/** An attempt in doubt is nobody's until somebody takes it over to recover it, so its lease ends now. */
export function lapse(result: AttemptResult, nowMs: number): PermitWrite {
  return { kind: 'lapse', attemptId: result.attemptId, nonce: result.nonce ?? '', leaseUntilMs: nowMs };
}

/** A terminal that lets the guest choose within one sale tells afterwards what was used (design-money, clause 20). */
function usedMethod({ method, card }: AttemptRecord['shown']): Method {
  if (method !== 'card_or_sbp_qr' || !card) return method;
  return card.entryMode === 'qr' ? 'sbp_qr' : 'card';
}
