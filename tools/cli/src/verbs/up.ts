import type { Settings } from '../cli.config';
import type { InfraChoice } from '../infra/infra-choices';
import { bringUp } from '../system/bring-up';
import { System } from '../system/system';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';

/** What starting needs besides the settings. */
export interface UpOptions {
  readonly infra: InfraChoice;
  readonly progress: Progress;
  /** Told when everything is up. */
  readonly ready: () => void;
}

/** Starts the system and keeps it running until it is asked to end; then ends everything in order. */
export async function up(settings: Settings, life: Lifetime, options: UpOptions): Promise<number> {
  const { infra, progress } = options;
  const system = new System({ settings, stateDir: settings.stateDir, infra, strictPorts: true, discard: false, progress });
  life.atEnd(async () => progress.close());
  life.atEnd(() => system.stop(life.hurry));
  await bringUp(system, settings, progress);
  options.ready();
  await new Promise<void>((resolve) => life.asked.addEventListener('abort', () => resolve()));
  return 0;
}
