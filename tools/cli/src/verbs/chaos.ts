import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../cli.config';
import { ownEnvironment } from '../cli.config';
import { CommandFailed, exitCodes } from '../command-failed';
import type { ProgramEnd } from '../processes/run-program';
import { runProgram } from '../processes/run-program';
import { System } from '../system/system';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';

/** What a campaign is run with. */
export interface ChaosOptions {
  readonly minutes: number;
  /** Null: one is drawn, and said. */
  readonly seed: number | null;
  readonly progress: Progress;
  /** Takes what the campaign says while it runs; left out: the person reads it. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a fault campaign and prints what came of it. Exit code 1 unless everything was shown that a run must show. */
export async function chaos(settings: Settings, life: Lifetime, options: ChaosOptions): Promise<number> {
  life.atEnd(async () => options.progress.close());
  const { code } = await runCampaign(settings, life, options);
  return code ?? exitCodes.failed;
}

/** Runs tools/chaos against servers of its own, which it may kill because they are started again, and which are thrown away afterwards. */
export async function runCampaign(settings: Settings, life: Lifetime, options: ChaosOptions): Promise<ProgramEnd> {
  const { minutes, seed, progress, onOutput } = options;
  const main = join(settings.root, 'dist/tools/chaos/main.js');
  if (!existsSync(main)) throw new CommandFailed(`The build has no ${main}.`);
  const directory = join(settings.stateDir, 'chaos');
  const quiet = { ...bound(progress), note: () => undefined }; // Each restart of a server would be told, and they are what the campaign is for.
  const system = new System({ settings, stateDir: join(directory, 'servers'), infra: 'native', strictPorts: false, discard: true, progress: quiet });
  life.atEnd(() => system.stop(life.hurry));
  const { infra } = await system.startServers();
  system.markRunning();
  const env = {
    KKM_CHAOS_AMQP_URL: infra.amqpUrl,
    KKM_CHAOS_AMQP_MANAGEMENT_URL: infra.managementUrl,
    KKM_CHAOS_DATABASE_URL: `${infra.adminDatabaseUrl}/postgres`,
    KKM_CHAOS_STATE_FILE: system.paths.state,
  };
  const words = ['--directory', directory, '--minutes', String(minutes), ...(seed === null ? [] : ['--seed', String(seed)])];
  const command = [process.execPath, '--enable-source-maps', main, ...words] as [string, ...string[]];
  const said = onOutput ? { onOutput } : { inherit: true };
  const end = await runProgram({ command, cwd: settings.root, env: { ...ownEnvironment(), ...env }, ...said }, life);
  await system.stop(life.hurry);
  return end;
}

/** The display's methods as plain functions, to be mixed with others. */
function bound(progress: Progress): Progress {
  return {
    begin: (name, what) => progress.begin(name, what),
    update: (name, what) => progress.update(name, what),
    end: (name, result, always) => progress.end(name, result, always),
    note: (text) => progress.note(text),
    close: () => progress.close(),
  };
}
