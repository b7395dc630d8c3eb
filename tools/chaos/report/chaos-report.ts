import { account } from '../count/accounting';
import type { Parts, Violations, VisiblePayment } from '../count/accounting';
import { doubtsOf, doubtTimes } from '../count/doubts';
import type { Doubt, DoubtTimes } from '../count/doubts';
import { grantedAttempts } from '../count/facts';
import type { Strike } from '../count/facts';
import { faultHits, strikeHits } from '../count/hits';
import type { HitRow } from '../count/hits';
import { ratedTime } from '../count/served';
import { verdictRows } from '../count/verdict';
import type { VerdictRow } from '../count/verdict';
import { referenceOf } from '../play/campaign';
import type { Seen } from '../play/campaign';

/** Everything a campaign found, as `report.json` holds it. Times are milliseconds, amounts minor units. */
export interface ChaosReport {
  readonly seed: number;
  /** The time asked for. */
  readonly seconds: number;
  /** How long guests came. */
  readonly loadSeconds: number;
  readonly beganAt: string;
  readonly machine: string;
  readonly passed: boolean;
  readonly verdict: readonly VerdictRow[];
  readonly parts: Parts;
  readonly violations: Violations;
  readonly strikes: readonly HitRow[];
  readonly faults: readonly HitRow[];
  readonly doubtTimes: DoubtTimes;
  /** Payments that a person has to look at. */
  readonly visible: readonly VisiblePayment[];
  readonly others: Others;
  /** What was counted, for a closer look. */
  readonly doubts: readonly Doubt[];
  readonly fallen: readonly Strike[];
}

/** What else was seen; nothing of it decides. */
export interface Others {
  readonly perSecond: number;
  /** Attempts beyond the first. */
  readonly redone: number;
  /** Requests sent again because nobody answered. */
  readonly repeatedRequests: number;
  /** Requests refused, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Services that ended without having been struck. */
  readonly ownEnds: readonly string[];
  readonly parkedMessages: Readonly<Record<string, number>>;
}

/** Counts what a campaign saw. */
export function makeReport(
  seen: Seen,
  run: { readonly seed: number; readonly seconds: number; readonly beganAt: string; readonly machine: string },
): ChaosReport {
  const { payments, verdicts, bank, parked, strikes, load, feed, troubles } = seen;
  const { acknowledged, faulted, refusals } = load;
  const accounting = account({ acknowledged, payments, bank, parked, told: feed.told(), verdicts, referenceOf });
  const attempts = grantedAttempts(payments, feed.inDoubtSince());
  const hits = { strikes: strikeHits(strikes, attempts, run.seconds), faults: faultHits(load.shown, run.seconds) };
  const doubts = doubtsOf(attempts, strikes, seen.away);
  const times = doubtTimes(doubts);
  const verdict = verdictRows({
    rated: ratedTime(run.seconds, seen.loadSeconds, strikes),
    accounting,
    hits: [...hits.strikes, ...hits.faults],
    doubts: times,
    faulted: faulted.size,
    troubles,
    ownEnds: seen.ownEnds,
  });
  return {
    ...run,
    loadSeconds: seen.loadSeconds,
    passed: verdict.every(({ met }) => met),
    verdict,
    parts: accounting.parts,
    violations: accounting.violations,
    ...hits,
    doubtTimes: times,
    visible: accounting.visible,
    others: {
      perSecond: accounting.parts.accepted / seen.loadSeconds,
      redone: payments.reduce((sum, payment) => sum + payment.attempts.length - 1, 0),
      repeatedRequests: seen.repeats,
      refusals: Object.fromEntries(refusals),
      ownEnds: seen.ownEnds,
      parkedMessages: countBy(parked.map(({ queue, reason }) => `${queue}: ${reason}`)),
    },
    doubts,
    fallen: [...strikes].sort((a, b) => a.atMs - b.atMs),
  };
}

function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((each) => each === word).length]));
}
