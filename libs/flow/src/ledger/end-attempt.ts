import { check, nextAttemptStatus } from '@kkm/core';
import type { AttemptHappening } from '@kkm/core';
import { timeText } from './records';
import type { AttemptRecord } from './records';

/** The attempt after something happened to it; the machine must allow it. Ends and in-doubt note the time in `finishedAt` only when final. */
export function happen(attempt: AttemptRecord, happening: AttemptHappening, nowMs: number): AttemptRecord {
  const status = nextAttemptStatus(attempt.shown.status, happening);
  check(status, `${happening} cannot happen to an attempt that is ${attempt.shown.status}`);
  const finishedAt = status === 'granted' || status === 'unknown' ? null : timeText(nowMs);
  const grantedAt = status === 'granted' ? timeText(nowMs) : attempt.shown.grantedAt;
  return { ...attempt, shown: { ...attempt.shown, status, grantedAt, finishedAt } };
}

/** A queued attempt that the cashier's cancel, or money from elsewhere, takes back before it began. */
export function withdraw(attempt: AttemptRecord, nowMs: number): AttemptRecord {
  const withdrawn = happen(attempt, 'withdraw', nowMs);
  return { ...withdrawn, shown: { ...withdrawn.shown, reason: 'cashier_cancelled' } };
}
