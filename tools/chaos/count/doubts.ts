import { percentiles } from '../../bench/measure/percentiles';
import type { Percentiles } from '../../bench/measure/percentiles';
import type { GrantedAttempt, Strike } from './facts';
import { isDriven } from './hits';

/** A stretch in which a terminal could not have answered: unplugged, starting, or still busy with the sale itself. */
export interface Away {
  readonly terminalId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** An attempt of which nobody knew for a while whether it was charged. */
export interface Doubt {
  readonly paymentId: string;
  readonly attemptId: string;
  readonly terminalId: string;
  readonly beganAtMs: number;
  /** Null: still in doubt at the end. */
  readonly resolvedAtMs: number | null;
  readonly byPerson: boolean;
  /** From its beginning to its end; null while there is none. */
  readonly wholeMs: number | null;
  /** The longest stretch in which all that recovery needs was there and the outcome was still not known; null while it is in doubt. */
  readonly undisturbedMs: number | null;
}

/** One bar of a histogram: how many values lie above `fromMs` and not above `toMs`. */
export interface Bar {
  readonly fromMs: number;
  /** Null: without an end. */
  readonly toMs: number | null;
  readonly count: number;
}

/** How long doubts took, against the promise: 95 % within 5 s and all within 30 s once the link is back. */
export interface DoubtTimes {
  /** Those that a person decided left aside. */
  readonly doubts: number;
  readonly byPerson: number;
  readonly unresolved: number;
  readonly undisturbedMs: Percentiles;
  readonly wholeMs: Percentiles;
  /** Shares of all doubts, the unresolved ones among them. */
  readonly within5s: number;
  readonly within30s: number;
  /** Of `undisturbedMs`. */
  readonly histogram: readonly Bar[];
}

const edgesMs = [0, 250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000] as const;

/**
 * The doubts of a run. One begins when the ledger tells it, or when the process that drove the attempt was killed: then nobody may ever tell.
 * Strikes that keep recovery from its work, and the terminal's own absence, interrupt it: its time counts from when the link is back, each time anew.
 */
export function doubtsOf(attempts: readonly GrantedAttempt[], strikes: readonly Strike[], away: readonly Away[]): readonly Doubt[] {
  const kills = strikes.filter(({ kind }) => kind === 'kill-worker');
  return attempts.flatMap((attempt): readonly Doubt[] => {
    const killedAtMs = kills.filter((kill) => isDriven(attempt, kill)).map(({ atMs }) => atMs);
    const beganAtMs = Math.min(attempt.inDoubtAtMs ?? Infinity, ...killedAtMs);
    if (beganAtMs === Infinity) return [];
    const { paymentId, attemptId, terminalId, finishedAtMs, decidedByPerson } = attempt;
    const doubt = { paymentId, attemptId, terminalId, beganAtMs, resolvedAtMs: finishedAtMs, byPerson: decidedByPerson };
    if (finishedAtMs === null) return [{ ...doubt, wholeMs: null, undisturbedMs: null }];
    const undisturbedMs = longestGap({ fromMs: beganAtMs, untilMs: finishedAtMs }, absencesOf(terminalId, strikes, away));
    return [{ ...doubt, wholeMs: finishedAtMs - beganAtMs, undisturbedMs }];
  });
}

/** Sums doubts up. */
export function doubtTimes(all: readonly Doubt[]): DoubtTimes {
  const doubts = all.filter(({ byPerson }) => !byPerson);
  const resolved = doubts.flatMap(({ undisturbedMs }) => undisturbedMs ?? []);
  const share = (withinMs: number): number => (doubts.length === 0 ? 1 : resolved.filter((ms) => ms <= withinMs).length / doubts.length);
  return {
    doubts: doubts.length,
    byPerson: all.length - doubts.length,
    unresolved: doubts.length - resolved.length,
    undisturbedMs: percentiles(resolved),
    wholeMs: percentiles(doubts.flatMap(({ wholeMs }) => wholeMs ?? [])),
    within5s: share(5_000),
    within30s: share(30_000),
    histogram: histogram(resolved),
  };
}

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

function absencesOf(terminalId: string, strikes: readonly Strike[], away: readonly Away[]): readonly Span[] {
  const blocked = strikes.filter(({ blocksRecovery, terminalIds }) => blocksRecovery && terminalIds.includes(terminalId));
  return [...blocked.map(({ atMs, untilMs }) => ({ fromMs: atMs, untilMs })), ...away.filter((each) => each.terminalId === terminalId)];
}

/** The longest part of the span that no absence covers. */
function longestGap({ fromMs, untilMs }: Span, absences: readonly Span[]): number {
  let gapFromMs = fromMs;
  let longest = 0;
  for (const absence of [...absences].sort((a, b) => a.fromMs - b.fromMs)) {
    longest = Math.max(longest, Math.min(absence.fromMs, untilMs) - gapFromMs);
    gapFromMs = Math.max(gapFromMs, absence.untilMs);
  }
  return Math.max(longest, untilMs - gapFromMs);
}

function histogram(values: readonly number[]): readonly Bar[] {
  return edgesMs.map((fromMs, index) => {
    const toMs = edgesMs[index + 1] ?? null;
    const isFirst = index === 0;
    return { fromMs, toMs, count: values.filter((value) => (isFirst || value > fromMs) && value <= (toMs ?? Infinity)).length };
  });
}
