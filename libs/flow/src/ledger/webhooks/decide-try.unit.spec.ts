import { decideTry, webhookTimes } from './decide-try';
import type { TryAnswer } from './decide-try';

const nowMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;
const answer = (code: number | null, retryAfter: string | null = null): TryAnswer => ({ code, retryAfter });
const decide = (number: number, said: TryAnswer, draw = 0) => decideTry(number, said, { nowMs, draw });

/** When each try of a delivery whose endpoint never answers is made, from the first on. */
function triesOf(draw: number): number[] {
  const tries = [0];
  for (let number = 1; ; number += 1) {
    const decision = decideTry(number, answer(500), { nowMs: tries[number - 1] ?? 0, draw });
    if (decision.kind !== 'again') return tries;
    tries.push(decision.atMs);
  }
}

describe('a try of a webhook', () => {
  it.each([200, 201, 204, 299])('is the last when the answer is %s', (code) => expect(decide(1, answer(code))).toEqual({ kind: 'delivered' }));

  it('switches the endpoint off when it says that it is gone', () => expect(decide(1, answer(410))).toEqual({ kind: 'gone' }));

  it.each([null, 199, 300, 307, 400, 401, 404, 409, 500])('is made again after %s', (code) =>
    expect(decide(1, answer(code))).toEqual({ kind: 'again', atMs: nowMs + 5_000, holdUntilMs: null }),
  );

  it('is made ten times over 75 hours, and jitter only adds', () => {
    const plain = triesOf(0);
    expect(plain.map((ms, index) => ms - (plain[index - 1] ?? 0))).toEqual([
      0, 5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
    ]);
    expect(plain.at(-1)).toBeGreaterThanOrEqual(75 * hourMs);
    const late = triesOf(0.999_999);
    expect(late).toHaveLength(10);
    expect(late.at(-1)).toBeGreaterThan((plain.at(-1) ?? 0) + 7 * hourMs);
    expect(late.at(-1)).toBeLessThanOrEqual((plain.at(-1) ?? 0) * 1.1 + 10);
  });

  it.each([429, 502, 503, 504])('lets an endpoint alone that answers %s', (code) => {
    expect(decide(1, answer(code))).toEqual({ kind: 'again', atMs: nowMs + webhookTimes.holdMs, holdUntilMs: nowMs + webhookTimes.holdMs });
  });

  it('honours Retry-After in seconds and as a date, with any status', () => {
    expect(decide(1, answer(503, '120'))).toEqual({ kind: 'again', atMs: nowMs + 120_000, holdUntilMs: nowMs + 120_000 });
    expect(decide(1, answer(500, 'Thu, 01 Jan 2026 00:02:00 GMT'))).toMatchObject({ atMs: nowMs + 120_000, holdUntilMs: nowMs + 120_000 });
    expect(decide(2, answer(429, '7'))).toEqual({ kind: 'again', atMs: nowMs + 300_000, holdUntilMs: nowMs + 7_000 });
    expect(decide(10, answer(429, '7'))).toEqual({ kind: 'given-up', holdUntilMs: nowMs + 7_000 });
  });

  it.each(['999999999', 'Fri, 01 Jan 2100 00:00:00 GMT'])('bounds a Retry-After of %s', (header) => {
    expect(decide(1, answer(503, header))).toMatchObject({ holdUntilMs: nowMs + webhookTimes.retryAfterMaxMs });
  });

  it.each(['soon', '-5x', '', '1e9', '12345678901'])('makes nothing of a Retry-After of "%s"', (header) => {
    expect(decide(1, answer(500, header))).toEqual({ kind: 'again', atMs: nowMs + 5_000, holdUntilMs: null });
  });

  it('takes a Retry-After in the past for now', () => {
    expect(decide(1, answer(503, 'Wed, 01 Jan 2020 00:00:00 GMT'))).toEqual({ kind: 'again', atMs: nowMs + 5_000, holdUntilMs: nowMs });
  });
});
