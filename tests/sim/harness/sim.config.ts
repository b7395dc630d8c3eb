/** How much the simulation runs. */
export interface SimSettings {
  /** Seconds of seeds. */
  readonly seconds: number;
  /** The first seed; the others follow it. */
  readonly firstSeed: number;
}

/** Read from the environment: `KKM_SIM_SECONDS` (default 12) and `KKM_SIM_SEED` (default 1). */
export function readSimSettings(env: NodeJS.ProcessEnv = process.env): SimSettings {
  return { seconds: numberOf(env['KKM_SIM_SECONDS'], 12), firstSeed: numberOf(env['KKM_SIM_SEED'], 1) };
}

function numberOf(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? Math.floor(value) : otherwise;
}
