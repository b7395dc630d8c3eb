import { Seeded } from './seeded';
import { planStrikes, requiredHits, strikeKinds } from './strikes';

describe('the schedule of strikes', () => {
  it('is the same for the same seed and another for another', () => {
    expect(planStrikes(60, new Seeded(7))).toEqual(planStrikes(60, new Seeded(7)));
    expect(planStrikes(60, new Seeded(7))).not.toEqual(planStrikes(60, new Seeded(8)));
  });

  it.each([10, 60, 180, 600])('has every kind often enough within %d s, and nothing after them', (seconds) => {
    const all = planStrikes(seconds, new Seeded(1)).flat();
    for (const kind of strikeKinds) expect(all.filter((strike) => strike.kind === kind).length).toBeGreaterThanOrEqual(requiredHits(kind, seconds));
    expect(Math.max(...all.map(({ atMs }) => atMs))).toBeLessThan(seconds * 1_000);
  });

  it('requires five hits of everything from two and a half minutes on, and less of what a short run cannot bear', () => {
    expect(new Set(strikeKinds.map((kind) => requiredHits(kind, 150)))).toEqual(new Set([5]));
    expect([requiredHits('restart-rabbitmq', 60), requiredHits('kill-ledger', 60), requiredHits('kill-worker', 60), requiredHits('silent', 60)]).toEqual([
      2, 3, 5, 5,
    ]);
    expect(requiredHits('restart-rabbitmq', 1)).toBe(1);
  });

  it('strikes within a track in the order of time', () => {
    for (const track of planStrikes(300, new Seeded(3))) expect(track.map(({ atMs }) => atMs)).toEqual(track.map(({ atMs }) => atMs).sort((a, b) => a - b));
  });
});
