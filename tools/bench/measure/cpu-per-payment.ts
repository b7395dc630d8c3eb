import { readFamilyCpu, readUsage } from './processes';
import { round } from './percentiles';

/** A process to watch. Several may share a name and are summed. */
export interface Watched {
  readonly name: string;
  /** Null when it runs where it cannot be looked at. */
  readonly pid: number | null;
  /** Whether its children are counted with it, as those of a Postgres server must be. */
  readonly children?: boolean;
}

/** CPU milliseconds per payment by name: where the time goes. Unlike a rate it hardly depends on what else the machine does. Null: cannot be looked at. */
export type CpuPerPayment = Readonly<Record<string, number | null>>;

/** Begins to count the CPU time of processes; the returned function ends it and divides by the payments made meanwhile. */
export function watchCpu(watched: readonly Watched[]): (payments: number) => CpuPerPayment {
  const before = read(watched);
  return (payments) => {
    const after = read(watched);
    return Object.fromEntries(
      Object.entries(after).map(([name, used]) => [name, used === null ? null : round(((used - (before[name] ?? 0)) * 1000) / payments)]),
    );
  };
}

function read(watched: readonly Watched[]): Record<string, number | null> {
  const sums: Record<string, number | null> = {};
  for (const { name, pid, children } of watched)
    sums[name] = pid === null ? null : (sums[name] ?? 0) + (children ? readFamilyCpu(pid) : (readUsage(pid)?.cpuSeconds ?? 0));
  return sums;
}
