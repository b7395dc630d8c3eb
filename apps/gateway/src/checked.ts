import { Rejected } from '@kkm/core';
import type { Fault } from '@kkm/contracts';
import type { z } from 'zod';

/** Faults told at once; more would help nobody. */
const faultsMax = 20;

/**
 * Checks what came in. `where` begins the pointers of its faults: `#` for a body, `query:` for a query.
 * @throws Rejected `request.invalid` with all faults.
 */
export function checked<S extends z.ZodType>(schema: S, value: unknown, where: '#' | 'query:' = '#'): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => faultsOf(issue, where)).slice(0, faultsMax);
  throw new Rejected('request.invalid', { members: { errors } });
}

/** A member that is not known is a fault of its own, pointed at by its name. */
function faultsOf(issue: z.core.$ZodIssue, where: '#' | 'query:'): Fault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key], where), detail: 'is not known' }));
  return [{ pointer: pointerOf(issue.path, where), detail: issue.message }];
}

function pointerOf(path: readonly PropertyKey[], where: '#' | 'query:'): string {
  const steps = path.map((step) => String(step).slice(0, 100));
  if (where === 'query:') return `query:${steps.join('.')}`;
  return `#${steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}
