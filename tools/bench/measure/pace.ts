import { monotonicMs, pause } from './clock';

/** Calls `begin` `count` times at even distances; late ticks are caught up, so the rate holds. */
export async function beginEvenly(count: number, perSecond: number, begin: () => void): Promise<void> {
  const startedAt = monotonicMs();
  for (let begun = 0; begun < count; begun += 1) {
    const dueInMs = startedAt + (begun * 1000) / perSecond - monotonicMs();
    if (dueInMs > 0) await pause(dueInMs);
    begin();
  }
}
