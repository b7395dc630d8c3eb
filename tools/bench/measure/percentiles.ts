/** Times of many like things, in milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Sorts the times and reads off the usual points (nearest rank). Of no times at all every point is NaN. */
export function percentiles(timesMs: readonly number[]): Percentiles {
  const sorted = [...timesMs].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN);
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** Rounds to hundredths: finer digits of a time in milliseconds are noise. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The middle of the values; NaN of none. */
export function median(values: readonly number[]): number {
  return percentiles(values).p50;
}
