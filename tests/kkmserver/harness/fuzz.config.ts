import { randomInt } from 'node:crypto';

/** What a run of the fuzz test is made from. */
export interface FuzzPlan {
  readonly seed: number;
  readonly bodies: number;
}

/** `KKM_FUZZ_SEED` repeats a run, `KKM_FUZZ_BODIES` makes it longer or shorter; a seed is drawn unless it is said. */
export function readFuzzPlan(env: NodeJS.ProcessEnv = process.env): FuzzPlan {
  return { seed: Number(env['KKM_FUZZ_SEED'] ?? randomInt(0, 2 ** 31 - 1)), bodies: Number(env['KKM_FUZZ_BODIES'] ?? 10_000) };
}
