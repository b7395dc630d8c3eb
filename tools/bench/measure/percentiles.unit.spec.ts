import { median, percentiles } from './percentiles';

describe('percentiles', () => {
  it('reads the nearest rank off the sorted times', () => {
    const times = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentiles(times)).toEqual({ count: 100, p50: 50, p90: 90, p99: 99, max: 100 });
  });

  it('is the one time there is', () => {
    expect(percentiles([7.123])).toEqual({ count: 1, p50: 7.12, p90: 7.12, p99: 7.12, max: 7.12 });
  });

  it('is not a number when there are no times', () => {
    expect(percentiles([]).p99).toBeNaN();
  });

  it('gives the middle of an odd number of values', () => {
    expect(median([3, 1, 2])).toBe(2);
  });
});
