import type { Strike } from './facts';

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
export function servedSeconds(loadSeconds: number, strikes: readonly Pick<Strike, 'kind' | 'atMs' | 'untilMs'>[]): number {
  let stoppedMs = 0;
  let endMs = 0;
  for (const { atMs, untilMs } of strikes.filter(({ kind }) => stopping.has(kind)).sort((a, b) => a.atMs - b.atMs)) {
    stoppedMs += Math.max(0, untilMs - Math.max(atMs, endMs));
    endMs = Math.max(endMs, untilMs);
  }
  return Math.max(0, loadSeconds - stoppedMs / 1_000);
}
