import { fullRunSeconds } from '../plan/strikes';
import type { Strike } from './facts';

/** The time against which the rate of payments is held, and whether outages are part of it. */
export interface RatedTime {
  readonly seconds: number;
  readonly outagesCount: boolean;
}

/**
 * All of the load in a full run. A short one must fell broker, database, ledger and gateway so often that they are down for a third of it:
 * there only the time in which payments could be accepted counts.
 */
export function ratedTime(askedSeconds: number, loadSeconds: number, strikes: readonly Pick<Strike, 'kind' | 'atMs' | 'untilMs'>[]): RatedTime {
  const outagesCount = askedSeconds >= fullRunSeconds;
  return { seconds: outagesCount ? loadSeconds : servedSeconds(loadSeconds, strikes), outagesCount };
}

/** Strikes while which nobody can be served, whatever the system is worth: the broker, the database, the ledger or the gateway is down by the campaign's own hand. */
const stopping: ReadonlySet<Strike['kind']> = new Set([
  'restart-rabbitmq',
  'restart-postgres',
  'kill-ledger',
  'freeze-ledger',
  'kill-gateway',
  'freeze-gateway',
]);

/** Seconds of the load in which the system could be asked for payments: all of it less the time for which a strike stopped everything. Strikes may overlap. */
function servedSeconds(loadSeconds: number, strikes: readonly Pick<Strike, 'kind' | 'atMs' | 'untilMs'>[]): number {
  let stoppedMs = 0;
  let endMs = 0;
  for (const { atMs, untilMs } of strikes.filter(({ kind }) => stopping.has(kind)).sort((a, b) => a.atMs - b.atMs)) {
    stoppedMs += Math.max(0, untilMs - Math.max(atMs, endMs));
    endMs = Math.max(endMs, untilMs);
  }
  return Math.max(0, loadSeconds - stoppedMs / 1_000);
}
