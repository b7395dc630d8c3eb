import { amountMinorMax, check, formatMinor } from '@kkm/core';
import { z } from 'zod';

/** Writes minor units as roubles for a bank. The number is made from its digits, so `0.29` is `0.29`. */
export function roublesOf(minor: number): number {
  check(Number.isSafeInteger(minor) && minor > 0 && minor <= amountMinorMax, 'a bank is asked for an amount in whole minor units');
  return Number(formatMinor(minor));
}

/** Reads roubles as a bank writes them, by their digits: at most two behind the point. Gives minor units. */
export const roubles = z.union([z.number(), z.string()]).transform((value, context) => {
  const digits = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(String(value));
  if (digits) return Number(digits[1]) * 100 + Number((digits[2] ?? '').padEnd(2, '0'));
  context.addIssue({ code: 'custom', message: 'not an amount in roubles' });
  return z.NEVER;
});

/** The ways in which one amount may be written: a signature is over the text that the bank wrote. */
export function writings(minor: number): readonly string[] {
  const two = formatMinor(minor);
  const one = two.endsWith('0') ? [two.slice(0, -1)] : [];
  const none = two.endsWith('00') ? [two.slice(0, -3)] : [];
  return [...none, ...one, two];
}

/** A time as banks want it: ISO 8601 with an offset, here Moscow's, to the second. */
export function bankTime(ms: number): string {
  const moscow = new Date(ms + 3 * 3_600_000).toISOString().slice(0, 19);
  return `${moscow}+03:00`;
}
