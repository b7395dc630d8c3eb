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
    fc.assert(
      fc.property(fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 3_000 }), wanted: fc.integer({ min: 1, max: 60 }) }), { maxLength: 200 }), (asks) => {
        const sent: { atMs: number; count: number }[] = [];
        let [nowMs, fullAtMs] = [1_000_000, 0];
        for (const { afterMs, wanted } of asks) {
          nowMs += afterMs;
          const { taken, fullAtMs: next } = takePlaces(fullAtMs, nowMs, wanted);
          fullAtMs = next;
          sent.push({ atMs: nowMs, count: taken });
          const minute = sent.filter(({ atMs }) => atMs >= nowMs - 60_000).reduce((sum, { count }) => sum + count, 0);
          expect(minute).toBeLessThanOrEqual(200);
        }
      }),
    );
  });
});
