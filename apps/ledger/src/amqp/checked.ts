import { Rejected } from '@kkm/core';
import type { z } from 'zod';

/** Faults told at once; more would help nobody. */
const faultsMax = 20;

/** Checks the body of a call. @throws Rejected `request.invalid` with all faults. */
export function checked<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, faultsMax).map((issue) => ({ pointer: `#/${issue.path.map(String).join('/')}`, detail: issue.message }));
  throw new Rejected('request.invalid', { members: { errors } });
}
