import fc from 'fast-check';
import { nextPlaceMs, siteRate, takePlaces } from './site-rate';

describe('the rate of a site', () => {
  it('lets a burst out at once and then one by one', () => {
    const first = takePlaces(0, 1_000_000, 70);
    expect(first.taken).toBe(siteRate.burst);
    expect(takePlaces(first.fullAtMs, 1_000_000, 1).taken).toBe(0);
    expect(nextPlaceMs(first.fullAtMs)).toBe(1_000_000 + siteRate.everyMs);
    expect(takePlaces(first.fullAtMs, nextPlaceMs(first.fullAtMs) - 1, 1).taken).toBe(0);
    expect(takePlaces(first.fullAtMs, nextPlaceMs(first.fullAtMs), 5).taken).toBe(1);
  });

  it('goes on soon after the clock was set back', () => {
    const { fullAtMs, taken } = takePlaces(9_000_000, 1_000_000, 1);
    expect([taken, nextPlaceMs(fullAtMs)]).toEqual([0, 1_000_000 + siteRate.everyMs]);
  });

  it('never lets out more than 200 in any minute, whoever asks when', () => {
    // Asked this often and for this long, a bucket that is too large or fills too fast shows.
    const ask = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 60 }));
    const asks = fc.array(ask, { minLength: 320, maxLength: 400 });
    // A list so long says no more when it is made shorter by some.
    fc.assert(
      fc.property(asks, (some) => expect(mostInAMinute(some)).toBeLessThanOrEqual(200)),
      { endOnFailure: true },
    );
  });
});

/** How many a minute lets out at most when somebody asks so: how long after the time before, and for how many. */
function mostInAMinute(asks: readonly (readonly [afterMs: number, wanted: number])[]): number {
  const minute: { readonly atMs: number; readonly taken: number }[] = [];
  let [nowMs, fullAtMs, sum, most] = [1_000_000, 0, 0, 0];
  for (const [afterMs, wanted] of asks) {
    nowMs += afterMs;
    const { taken, fullAtMs: next } = takePlaces(fullAtMs, nowMs, wanted);
    fullAtMs = next;
    minute.push({ atMs: nowMs, taken });
    sum += taken;
    while ((minute[0]?.atMs ?? nowMs) < nowMs - 60_000) sum -= minute.shift()?.taken ?? 0;
    most = Math.max(most, sum);
  }
  return most;
}
