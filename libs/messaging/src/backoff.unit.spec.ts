import { pauseMs } from './backoff';

const backoff = { firstMs: 100, maxMs: 5_000 };

describe('pauseMs', () => {
  it('doubles with every try up to the maximum', () => {
    expect([1, 2, 3, 6, 7, 100].map((n) => pauseMs(backoff, n, 0.999_999))).toEqual([100, 200, 400, 3_200, 5_000, 5_000]);
  });

  it('draws the upper half at random, so that many clients do not come back at once', () => {
    expect([0, 0.5].map((random) => pauseMs(backoff, 3, random))).toEqual([200, 300]);
  });
});
