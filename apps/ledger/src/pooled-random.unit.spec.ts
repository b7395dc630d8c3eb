import { pooledRandom } from './pooled-random';

describe('pooledRandom', () => {
  it('gives every byte once, also across refills', () => {
    let next = 0;
    let fills = 0;
    const random = pooledRandom((bytes) => {
      fills += 1;
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = (next += 1) % 251;
    });
    const seen: number[] = [];
    for (let i = 0; i < 600; i += 1) seen.push(...random(16));
    expect(seen).toEqual(Array.from({ length: 9_600 }, (_, i) => (i + 1) % 251));
    expect(fills).toBe(3);
  });

  it('gives more than the pool holds', () => {
    const random = pooledRandom((bytes) => bytes.fill(7));
    expect(random(5_000)).toEqual(new Uint8Array(5_000).fill(7));
    expect(random(3)).toEqual(Uint8Array.of(7, 7, 7));
  });
});
