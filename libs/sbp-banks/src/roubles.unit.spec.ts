import { bankTime, roubles, roublesOf, writings } from './roubles';

describe('amounts at banks', () => {
  it.each([
    [1, '0.01'],
    [29, '0.29'],
    [111_011, '1110.11'],
    [15_000, '150'],
    [111_010, '1110.1'],
    [99_999_999, '999999.99'],
  ])('are written and read by their digits: %s', (minor, text) => {
    expect(JSON.stringify(roublesOf(minor))).toBe(text);
    expect(roubles.parse(JSON.parse(text))).toBe(minor);
    expect(roubles.parse(text)).toBe(minor);
  });

  it('come back the same for every amount', () => {
    for (let minor = 1; minor < 200_000; minor += 7) expect(roubles.parse(JSON.parse(JSON.stringify(roublesOf(minor))))).toBe(minor);
  });

  it.each([-1, 0.001, '1,50', '1e3', 'NaN', null, 1e21])('are not read from %s', (value) => {
    expect(roubles.safeParse(value).success).toBe(false);
  });

  it('are whole and positive when they are asked for', () => {
    for (const minor of [0, -5, 1.5, 100_000_000]) expect(() => roublesOf(minor)).toThrow();
  });

  it('are signed in any of the ways to write them', () => {
    expect([writings(15_000), writings(15_010), writings(15_001)]).toEqual([['150', '150.0', '150.00'], ['150.1', '150.10'], ['150.01']]);
  });

  it('expire at a time with an offset', () => {
    expect(bankTime(Date.UTC(2026, 10, 26, 22, 30, 5))).toBe('2026-11-27T01:30:05+03:00');
  });
});
