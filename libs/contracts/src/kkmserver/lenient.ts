import { amountMinorMax } from '@kkm/core';
import { z } from 'zod';
import { doorText } from './door-texts';
import type { DoorText } from './door-texts';

/** The largest number that may name or count anything: what four bytes hold. */
const wholeMax = 2_147_483_647;

/** How far a number may lie beside its nearest kopeck: what adding up in binary fractions leaves behind, and far below any third decimal. */
const binaryNoise = 1e-12;

/** Makes an optional member of a schema: null and the empty text count as left out. */
export function maybe<S extends z.ZodType>(schema: S): z.ZodType<z.output<S> | null> {
  return z
    .unknown()
    .optional()
    .transform((value, context) => {
      if (value === undefined || value === null || value === '') return null;
      const read = schema.safeParse(value);
      if (read.success) return read.data;
      for (const issue of read.error.issues) context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
      return z.NEVER;
    });
}

/** A member that must be there. */
export function must<S extends z.ZodType>(schema: S): z.ZodType<z.output<S>> {
  return maybe(schema).transform((value, context) => {
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: doorText('required') });
    return z.NEVER;
  });
}

/** Decimal roubles, as a number or by their digits; gives minor units, exactly. */
export const roubles = reading('wantsAmount', (value) => {
  const minor = typeof value === 'number' ? minorOfNumber(value) : typeof value === 'string' ? minorOfText(value) : null;
  return minor === null || minor > amountMinorMax ? null : minor;
});

/** Roubles above zero. */
export const someRoubles = roubles.refine((minor) => minor > 0, doorText('wantsPositive'));

/** A whole number within limits, also as text. */
export function whole(min: number, max: number = wholeMax): z.ZodType<number> {
  return reading('wantsWhole', (value) => {
    const number = typeof value === 'string' && /^\s*-?\d{1,10}\s*$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max ? number + 0 : null;
  });
}

/** A quantity of goods, up to three decimals; finer ones are rounded. */
export const quantity = reading('wantsQuantity', (value) => {
  const number = typeof value === 'string' && /^\s*\d{1,9}(\.\d{1,20})?\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number < 1e9 ? Math.round(number * 1_000) / 1_000 : null;
});

/** `true`, `false`, the same as text in any case, 1 or 0. */
export const flag = reading('wantsFlag', (value) => {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === true || word === 'true' || word === 1 || word === '1') return true;
  return word === false || word === 'false' || word === 0 || word === '0' ? false : null;
});

/** One line of text; a number counts as its digits. */
export function text(max: number): z.ZodType<string> {
  return reading('wantsText', (value) => {
    const line = typeof value === 'number' ? String(value) : value;
    return typeof line === 'string' && line.length <= max && !/[\p{Cc}\p{Cs}]/u.test(line) ? line : null;
  });
}

function reading<T>(wanted: DoorText, read: (value: unknown) => T | null): z.ZodType<T> {
  return z.unknown().transform((value, context) => {
    const result = read(value);
    if (result !== null) return result;
    context.addIssue({ code: 'custom', message: doorText(wanted) });
    return z.NEVER;
  });
}

/** A JSON number is a binary fraction: it means the kopeck beside it, or it is refused. */
function minorOfNumber(value: number): number | null {
  if (!(value >= 0 && value < 1e12)) return null;
  const minor = Math.round(value * 100);
  return Math.abs(minor / 100 - value) <= binaryNoise * Math.max(1, value) ? minor + 0 : null;
}

/** Text is read by its digits; zeros behind the second decimal say nothing. */
function minorOfText(value: string): number | null {
  const digits = /^\s*(\d{1,12})(?:\.(\d{1,2})0*)?\s*$/.exec(value);
  return digits ? Number(digits[1]) * 100 + Number((digits[2] ?? '').padEnd(2, '0')) : null;
}
