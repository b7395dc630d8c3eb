import { z } from 'zod';
import { limits, line } from '../fields';

/** Bank-specific codes, fields and timeouts; the driver checks them. */
export const profileValues = z
  .record(line(64), z.unknown())
  .refine(
    (values) => isPlainData(values, limits.profileDepth, { left: limits.profileNodes }),
    'must be plain data, not deeper than 8 and not longer than 1000 values',
  );

/** Whether a value is data that a database and a terminal can hold: bounded in depth and size, no control characters but line breaks and tabs. */
function isPlainData(value: unknown, depth: number, budget: { left: number }): boolean {
  budget.left -= 1;
  if (budget.left < 0) return false;
  if (typeof value === 'string') return value.length <= 4000 && /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value !== 'object' || depth === 0) return false;
  return Object.entries(value).every(([key, member]) => isPlainData(key, 1, budget) && isPlainData(member, depth - 1, budget));
}
