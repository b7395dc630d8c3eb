import type { AttemptStatus } from './attempt-machine';
import { check, unreachable } from './check';
import type { CancelRequested } from './payment';
import type { MoneyPath } from './sbp';
import type { LeaseAnswer, PermitAnswer, PermitRequest } from './work';

/** Times of permits and of those who may ask for one (design-money, clauses 2, 3 and 23). */
export interface PermitTimes {
  /** A grant allows the first financial byte only this long after it was asked for. */
  readonly sendWithinMs: number;
  /** A lease lapses this long after its last renewal. */
  readonly leaseMs: number;
  /** An attempt's re-asks for an unread card end this long after the grant. */
  readonly driveWithinMs: number;
  /** How long a refused worker waits before it asks again. */
  readonly retryAfterMs: number;
  /** A worker counts as a member of its site for so long after its last heartbeat; heartbeats come every 2 s, and brief stalls must not move terminals. */
  readonly memberMs: number;
}

/** The values of the design: 10 s to send, 20 s of lease, 240 s to drive. */
export const permitTimes: PermitTimes = { sendWithinMs: 10_000, leaseMs: 20_000, driveWithinMs: 240_000, retryAfterMs: 500, memberMs: 7_000 };

/** An attempt with its permit, as the ledger holds it under lock. Times are milliseconds of the ledger's clock. */
export interface PermittedAttempt {
  readonly attemptId: string;
  readonly status: AttemptStatus;
  readonly nonce: string | null;
  /** Who has the permit now: the worker that drives the attempt, or asks about it. */
  readonly workerId: string | null;
  /** Whether `nonce` came by `take-over-recovery`: it may ask the terminal, and never send. */
  readonly recovering: boolean;
  readonly leaseUntilMs: number | null;
  readonly grantedAtMs: number | null;
  /** Absent: `terminal`. */
  readonly moneyPath?: MoneyPath;
}

/** Everything the permit decision depends on, read under lock by the ledger. */
export interface PermitFacts {
  readonly nowMs: number;
  readonly request: PermitRequest;
  /** The attempt asked for; null when the ledger does not know it at that site and terminal. */
  readonly attempt:
    | (PermittedAttempt & {
        readonly expiresAtMs: number;
        /** Who had the permit first. */
        readonly grantedTo: string | null;
        /** Whether a person decided it and the terminal's own answer is still awaited. */
        readonly awaitsTerminal: boolean;
      })
    | null;
  readonly cancelRequested: CancelRequested;
  /** Another attempt that holds the terminal: granted or in doubt. */
  readonly occupant: PermittedAttempt | null;
  /** The worker that may connect to the terminal. */
  readonly leaseHolder: string | null;
  /**
   * What a restore of the books forbids (design-money, clause 12). `unasked`: the terminal's report must be compared first; `held`: what it showed, or when the attempt was
   * opened, leaves open whether this very thing was done already, and a person must say. Absent: nothing.
   */
  readonly afterRestore?: 'unasked' | 'held' | undefined;
}

/**
 * What the ledger does besides answering. `grant`: store the nonce, `recovering` false, and begin its lease.
 * `take-over-recovery`: store the request's nonce, `recovering` true, and begin its lease; the status stays.
 * `lapse`: end the lease, whose worker is dead, then decide anew.
 */
export type PermitEffect = 'none' | 'grant' | 'expire' | 'withdraw' | 'take-over-recovery' | 'lapse';

/** An answer and the change of state that makes it true. Both belong in one transaction. */
export interface PermitDecision {
  readonly answer: PermitAnswer;
  readonly effect: PermitEffect;
}

/** Grants an attempt once, or says why not. Used by the ledger and by every fake of it: there is no second place that decides about permits. */
export function decidePermit(facts: PermitFacts, times: PermitTimes): PermitDecision {
  const { attempt } = facts;
  if (!attempt) return refuse({ kind: 'unknown-attempt' });
  switch (attempt.status) {
    case 'queued':
      return decideQueued(facts, attempt, times);
    case 'granted':
    case 'unknown':
      return decideHeld(facts, attempt, times);
    case 'expired':
    case 'withdrawn':
      return refuse({ kind: attempt.status });
    case 'approved':
    case 'declined':
    case 'cancelled':
    case 'failed':
      return attempt.awaitsTerminal && facts.request.recoverOnly ? decideVerification(facts, attempt, times) : refuse({ kind: 'already-final' });
    default:
      return unreachable(attempt.status);
  }
}

function decideQueued(facts: PermitFacts, attempt: NonNullable<PermitFacts['attempt']>, times: PermitTimes): PermitDecision {
  check(attempt.nonce === null, 'a queued attempt has no permit');
  if (facts.request.recoverOnly) return refuse({ kind: 'being-driven', retryAfterMs: times.retryAfterMs });
  if (facts.cancelRequested === 'pending') return { answer: { kind: 'withdrawn' }, effect: 'withdraw' };
  if (facts.nowMs >= attempt.expiresAtMs) return { answer: { kind: 'expired' }, effect: 'expire' };
  const occupant = holding(facts.occupant, facts.nowMs);
  if (occupant) return refuse(refusalFor(occupant, facts.nowMs, times));
  if (facts.leaseHolder !== facts.request.workerId) return refuse({ kind: 'not-leased' });
  // Who leases the terminal anew learns that its report is missing, and reads it.
  if (facts.afterRestore === 'unasked') return refuse({ kind: 'not-leased' });
  if (facts.afterRestore === 'held') return refuse({ kind: 'terminal-busy', attemptId: attempt.attemptId, retryAfterMs: times.retryAfterMs });
  return { answer: grantedAnswer(facts, times), effect: 'grant' };
}

function decideHeld(facts: PermitFacts, attempt: NonNullable<PermitFacts['attempt']>, times: PermitTimes): PermitDecision {
  check(attempt.nonce !== null && attempt.leaseUntilMs !== null && attempt.grantedAtMs !== null, 'a granted attempt has a permit');
  const sameHandling = attempt.nonce === facts.request.nonce;
  // The worker's own request, repeated because the answer was lost: the same grant, and its validity still counts from the first sending.
  // A nonce that took over recovery was never granted: were its lost answer repeated as a grant, an attempt begun by another worker would be sent twice.
  if (sameHandling && attempt.status === 'granted' && !attempt.recovering) return refuse(grantedAnswer(facts, times));
  if (!sameHandling && attempt.leaseUntilMs > facts.nowMs) {
    const answer = { kind: 'being-driven', retryAfterMs: times.retryAfterMs } as const;
    const orphaned = attempt.workerId !== null && facts.request.predecessors?.includes(attempt.workerId);
    return orphaned ? { answer, effect: 'lapse' } : refuse(answer);
  }
  if (facts.leaseHolder !== facts.request.workerId) return refuse({ kind: 'not-leased' });
  const answer = accountOf('already-granted', { grantedAtMs: attempt.grantedAtMs, grantedTo: attempt.grantedTo }, { nowMs: facts.nowMs, times });
  return { answer, effect: 'take-over-recovery' };
}

/** A person's decision unlocked the terminal, so others may be driven there; only in between it is asked about this attempt. */
function decideVerification(facts: PermitFacts, attempt: NonNullable<PermitFacts['attempt']>, times: PermitTimes): PermitDecision {
  check(attempt.grantedAtMs !== null, 'an attempt that a person decided had a permit');
  const occupant = holding(facts.occupant, facts.nowMs);
  if (occupant) return refuse(refusalFor(occupant, facts.nowMs, times));
  if (facts.leaseHolder !== facts.request.workerId) return refuse({ kind: 'not-leased' });
  return refuse(accountOf('verify', { ...attempt, grantedAtMs: attempt.grantedAtMs }, { nowMs: facts.nowMs, times }));
}

/** What is known of an attempt that was granted before. */
function accountOf(
  kind: 'already-granted' | 'verify',
  { grantedAtMs, grantedTo }: { readonly grantedAtMs: number; readonly grantedTo: string | null },
  { nowMs, times: { leaseMs, sendWithinMs } }: { readonly nowMs: number; readonly times: PermitTimes },
): PermitAnswer {
  return { kind, leaseMs, sendWithinMs, grantedAt: new Date(grantedAtMs).toISOString(), grantedAgoMs: Math.max(0, nowMs - grantedAtMs), grantedTo };
}

/** Answers without a change of state. */
function refuse(answer: PermitAnswer): PermitDecision {
  return { answer, effect: 'none' };
}

function grantedAnswer(facts: PermitFacts, times: PermitTimes): PermitAnswer {
  const { sendWithinMs, driveWithinMs, leaseMs } = times;
  return { kind: 'granted', sendWithinMs, driveWithinMs, leaseMs, cancelRequested: facts.cancelRequested };
}

/** A bank's QR holds the terminal only while somebody shows it: its money does not move there (design-money, clause 4). */
function holding(occupant: PermittedAttempt | null, nowMs: number): PermittedAttempt | null {
  if (occupant?.moneyPath !== 'bank_qr') return occupant;
  return occupant.leaseUntilMs !== null && occupant.leaseUntilMs > nowMs ? occupant : null;
}

function refusalFor(occupant: PermittedAttempt, nowMs: number, times: PermitTimes): PermitAnswer {
  const driven = occupant.leaseUntilMs !== null && occupant.leaseUntilMs > nowMs;
  const kind = driven ? 'terminal-busy' : 'terminal-in-doubt';
  return { kind, attemptId: occupant.attemptId, retryAfterMs: times.retryAfterMs };
}

/** What the lease of a terminal depends on. */
export interface LeaseFacts {
  readonly nowMs: number;
  readonly workerId: string;
  /** Who holds the terminal's lease now. */
  readonly holder: string | null;
  /** The attempt that holds the terminal, if any. */
  readonly occupant: PermittedAttempt | null;
  /** Workers that are dead; the asking one has their journal. */
  readonly predecessors: readonly string[];
  /** When `holder` took the lease; null when nobody has it. */
  readonly takenAtMs: number | null;
  /** Nobody waits: the worker only wants to be connected ahead of a payment. */
  readonly upkeep: boolean;
}

/**
 * Gives the right to connect: an idle terminal's lease moves to whoever asks, one under a live permit stays where it is (design-money, clause 2), or goes back to
 * the worker of that permit. It may have lost the lease while no heartbeat came through, and nobody else may do anything there as long as it keeps the permit alive.
 * Upkeep also leaves alone what another worker took a moment ago: that one may be about to ask for a permit, and would be cut off by every turn of it.
 */
export function decideLease(facts: LeaseFacts, times: PermitTimes): LeaseAnswer {
  const { occupant, nowMs } = facts;
  const driven = occupant !== null && occupant.leaseUntilMs !== null && occupant.leaseUntilMs > nowMs;
  const own = facts.holder !== null && [facts.workerId, ...facts.predecessors].includes(facts.holder);
  const permitted = driven && occupant.workerId === facts.workerId;
  if (driven && !own && !permitted) return { kind: 'busy', attemptId: occupant.attemptId, retryAfterMs: times.retryAfterMs };
  const fresh = facts.takenAtMs !== null && nowMs - facts.takenAtMs < times.memberMs;
  if (facts.upkeep && fresh && !own && !permitted) return { kind: 'busy', attemptId: null, retryAfterMs: times.retryAfterMs };
  return { kind: 'leased', leaseMs: times.leaseMs };
}

/** A heartbeat that the ledger heard within this time of a change of lease may have been answered without it. */
const missedMs = 500;

/** A worker closes its connection within this time of the lapse of its lease. */
const closeMs = 3_000;

/** What tells whether another worker may still be connected to a terminal whose lease was taken. */
export interface HandOverFacts {
  readonly nowMs: number;
  /** When the present holder took the lease. */
  readonly takenAtMs: number;
  /** When the other live workers of the site were last heard. */
  readonly othersSeenMs: readonly number[];
}

/**
 * For how long, at most, another worker may still be connected to a terminal, which then refuses the holder of its lease: a worker learns that it lost a
 * terminal at its next heartbeat; one that cannot be told leaves when its lease lapses. 0: nobody else is there.
 */
export function othersLeaveWithinMs({ nowMs, takenAtMs, othersSeenMs }: HandOverFacts, { leaseMs }: Pick<PermitTimes, 'leaseMs'>): number {
  const untold = othersSeenMs.filter((seenMs) => seenMs <= takenAtMs + missedMs);
  return Math.max(0, ...untold.map((seenMs) => seenMs + leaseMs + closeMs - nowMs));
}
