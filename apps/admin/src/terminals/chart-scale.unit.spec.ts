import { roundTop, slotsOf } from './chart-scale';
import type { Health } from './health';

describe('the buckets of a chart', () => {
  const bucket = (from: string) => ({ from, sales: 3 }) as Health['buckets'][number];

  it('are all of the period, the empty ones put back in', () => {
    const slots = slotsOf({ bucket: 'hour', from: '2026-11-27T08:20:00Z', to: '2026-11-27T11:00:00Z', buckets: [bucket('2026-11-27T09:00:00Z')] });
    expect(slots.map(({ from, figures }) => [from.slice(11, 16), figures?.sales ?? null])).toEqual([
      ['08:00', null],
      ['09:00', 3],
      ['10:00', null],
    ]);
  });

  it('are days where days were asked for', () => {
    expect(slotsOf({ bucket: 'day', from: '2026-11-20T12:00:00Z', to: '2026-11-27T12:00:00Z', buckets: [] })).toHaveLength(8);
  });
});

describe('the top of a chart', () => {
  it.each([
    [0, 1],
    [1, 1],
    [3, 5],
    [7, 10],
    [10, 10],
    [11, 20],
    [0.03, 0.05],
  ])('above %d is %d', (highest, top) => expect(roundTop(highest)).toBeCloseTo(top, 10));
});
