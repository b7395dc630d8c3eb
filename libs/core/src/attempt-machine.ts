import { check } from './check';

/** Where an attempt stands (design chapter 5). */
export const attemptStatuses = ['queued', 'granted', 'approved', 'declined', 'cancelled', 'failed', 'unknown', 'expired', 'withdrawn'] as const;

/** One of {@link attemptStatuses}. */
export type AttemptStatus = (typeof attemptStatuses)[number];

/** What can happen to an attempt. `fail-unpermitted`: the terminal was never reachable, so no permit was asked for. */
export const attemptHappenings = ['grant', 'approve', 'decline', 'cancel', 'fail', 'lose', 'expire', 'withdraw', 'fail-unpermitted'] as const;

/** One of {@link attemptHappenings}. */
export type AttemptHappening = (typeof attemptHappenings)[number];

/** The machine: guards, the diagram in the docs and the exhaustive test are derived from this table alone. A final outcome has no way out. */
export const attemptMachine: Readonly<Record<AttemptStatus, Readonly<Partial<Record<AttemptHappening, AttemptStatus>>>>> = {
  queued: { grant: 'granted', expire: 'expired', withdraw: 'withdrawn', 'fail-unpermitted': 'failed' },
  granted: { approve: 'approved', decline: 'declined', cancel: 'cancelled', fail: 'failed', lose: 'unknown' },
  unknown: { approve: 'approved', decline: 'declined', cancel: 'cancelled', fail: 'failed' },
  approved: {},
  declined: {},
  cancelled: {},
  failed: {},
  expired: {},
  withdrawn: {},
};

/** The status after `happening`, or null when the machine does not allow it. */
export function nextAttemptStatus(status: AttemptStatus, happening: AttemptHappening): AttemptStatus | null {
  return attemptMachine[status][happening] ?? null;
}

/** Whether nothing more can happen to the attempt. */
export function isFinalAttempt(status: AttemptStatus): boolean {
  check(status in attemptMachine, `${status} is no attempt status`);
  return Object.keys(attemptMachine[status]).length === 0;
}

/** Statuses in which an attempt holds its payment: no other sale may be opened. */
export const liveSaleStatuses = ['queued', 'granted', 'unknown', 'approved'] as const satisfies readonly AttemptStatus[];

/** Statuses in which an attempt holds its terminal: no other permit may be granted there. */
export const terminalHoldingStatuses = ['granted', 'unknown'] as const satisfies readonly AttemptStatus[];
