import type { Accounting } from './accounting';
import type { DoubtTimes } from './doubts';
import { missed } from './hits';
import type { HitRow } from './hits';
import type { RatedTime } from './served';

/** What a run measured, as far as it decides whether the run passed. */
export interface Measured {
  readonly rated: RatedTime;
  readonly accounting: Accounting;
  readonly hits: readonly HitRow[];
  readonly doubts: DoubtTimes;
  /** Payments whose terminal showed a fault on a sale. */
  readonly faulted: number;
  /** What did not come back after a strike. */
  readonly troubles: readonly string[];
  /** Services that ended without having been struck. */
  readonly ownEnds: readonly string[];
}

/** One requirement and whether it was met. */
export interface VerdictRow {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

const perSecondLeast = 10;
const chargedShareLeast = 0.6;
const faultedShareLeast = 0.2;

/** Holds a run against everything it must show. The run passed when every row is met. */
export function verdictRows({ rated, accounting, hits, doubts, faulted, troubles, ownEnds }: Measured): readonly VerdictRow[] {
  const { parts, violations } = accounting;
  const none = (what: string, list: readonly string[]): VerdictRow => ({ what, target: '0', measured: String(list.length), met: list.length === 0 });
  const share = (what: string, part: number, least: number): VerdictRow => {
    const measured = parts.accepted === 0 ? 0 : part / parts.accepted;
    return { what, target: `≥ ${percent(least)}`, measured: percent(measured), met: measured >= least };
  };
  const short = missed(hits);
  const perSecond = parts.accepted / rated.seconds;
  return [
    none('charged twice', violations.doubled),
    none('lost: the bank has money that KKM does not tell of', violations.lost),
    none('told as charged, and not at the bank', violations.notAtBank),
    none('accepted, and neither final nor in doubt nor parked', violations.unaccounted),
    none('one request opened as two payments', violations.openedTwice),
    none('sales of somebody else reversed by KKM', violations.foreignReversed),
    none('last event says something else than the ledger', violations.toldWrong),
    none('"was the customer charged?" answered wrong', violations.wrongVerdicts),
    none('services and servers that did not come back', troubles),
    none('services that ended without having been struck', ownEnds),
    {
      what: 'faults and strikes that hit a live permit often enough',
      target: `all ${hits.length}`,
      measured: short.length === 0 ? 'all' : `not ${short.map(({ what, live, required }) => `${what} (${live} of ${required})`).join(', ')}`,
      met: short.length === 0,
    },
    share('payments that ended charged', parts.charged, chargedShareLeast),
    share('payments whose terminal showed a fault', faulted, faultedShareLeast),
    {
      what: rated.outagesCount ? 'payments accepted a second, outages included' : 'payments accepted a second, while there was a system to accept them',
      target: `≥ ${perSecondLeast}`,
      measured: perSecond.toFixed(1),
      met: perSecond >= perSecondLeast,
    },
    { what: 'doubts resolved within 5 s of the link being back', target: '≥ 95 %', measured: percent(doubts.within5s), met: doubts.within5s >= 0.95 },
    { what: 'doubts resolved within 30 s of the link being back', target: '100 %', measured: percent(doubts.within30s), met: doubts.within30s === 1 },
  ];
}

/** A share as people read it. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
}
