import type { Health } from './health';

/** One bucket of a chart; null where nothing was sold. */
export interface Slot {
  readonly from: string;
  readonly figures: Health['buckets'][number] | null;
}

const bucketMs = { hour: 3_600_000, day: 86_400_000 } as const;

/** All buckets of a period in their order, the empty ones put back in. */
export function slotsOf({ bucket, from, to, buckets }: Pick<Health, 'bucket' | 'from' | 'to' | 'buckets'>): readonly Slot[] {
  const step = bucketMs[bucket];
  const known = new Map(buckets.map((one) => [Math.floor(Date.parse(one.from) / step), one]));
  const first = Math.floor(Date.parse(from) / step);
  const last = Math.floor((Date.parse(to) - 1) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_none, index) => ({
    from: new Date((first + index) * step).toISOString(),
    figures: known.get(first + index) ?? null,
  }));
}

/** A round number that nothing in a chart is above: 1, 2 or 5 times a power of ten. */
export function roundTop(highest: number): number {
  if (highest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  return ([1, 2, 5, 10].find((step) => step * power >= highest) ?? 10) * power;
}
