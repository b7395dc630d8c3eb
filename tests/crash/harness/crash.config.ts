/** How much of the matrix is run. */
export interface CrashSettings {
  readonly kind: 'all' | 'sample';
  /** Only rounds whose title fits; everything when null. */
  readonly only: RegExp | null;
}

/** Read from the environment: `KKM_CRASH_MATRIX` (`all`; anything else is the sample) and `KKM_CRASH_ONLY`, an expression for titles of rounds. */
export function readCrashSettings(env: NodeJS.ProcessEnv = process.env): CrashSettings {
  const only = env['KKM_CRASH_ONLY'];
  return { kind: env['KKM_CRASH_MATRIX'] === 'all' ? 'all' : 'sample', only: only ? new RegExp(only) : null };
}
