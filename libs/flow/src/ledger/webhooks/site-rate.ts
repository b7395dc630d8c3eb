/**
 * At most 200 requests a minute go out about one site (iCafeCloud's own limit), whoever gets them: a bucket of 50 that fills by one each 405 ms, so that no minute holds
 * more than 50 + 60 000 / 405 = 198. Smooth rather than by the minute: behind a replay of thousands a new event waits for one place, not for the next minute.
 */
export const siteRate = { burst: 50, everyMs: 405 } as const;

/** How many of `wanted` requests may go now, and the bucket afterwards. `fullAtMs`: when the bucket is full again; in the past: it is. */
export function takePlaces(fullAtMs: number, nowMs: number, wanted: number): { readonly taken: number; readonly fullAtMs: number } {
  // A bucket is no emptier than empty: a clock that was set back must not silence a site.
  const emptyMs = nowMs + siteRate.burst * siteRate.everyMs;
  const from = Math.min(Math.max(fullAtMs, nowMs), emptyMs);
  const free = Math.floor((emptyMs - from) / siteRate.everyMs);
  const taken = Math.min(wanted, Math.max(free, 0));
  return { taken, fullAtMs: from + taken * siteRate.everyMs };
}

/** When the next request may go. */
export function nextPlaceMs(fullAtMs: number): number {
  return fullAtMs - (siteRate.burst - 1) * siteRate.everyMs;
}
