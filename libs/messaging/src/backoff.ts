/** A growing pause between tries. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Between two connection tries. */
export const reconnectBackoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/** Between two tries to subscribe to a queue that is not there. */
export const subscribeBackoff: Backoff = { firstMs: 100, maxMs: 5_000 };

/** Between two tries of a held delivery: short, because a guest may be waiting when the dependency is back. */
export const retryBackoff: Backoff = { firstMs: 100, maxMs: 2_000 };

/**
 * The pause after try `n` (from 1): doubles up to the maximum, with the upper half drawn at random so that many clients do not come back at once.
 * @param random from 0 to below 1.
 */
export function pauseMs(backoff: Backoff, n: number, random: number): number {
  const full = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(n - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
