import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../cli.config';
import { ownEnvironment } from '../cli.config';
import { CommandFailed, exitCodes } from '../command-failed';
import { runProgram } from '../processes/run-program';
import { System } from '../system/system';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';

/** The programs of tools/bench; without a name the first is run. */
const programs = ['payments', 'reference', 'webhooks', 'page'] as const;

/** Runs a bench against servers of its own, which are thrown away afterwards. `./kkm bench [payments|reference|webhooks|page] [options of the program]`. */
export async function bench(settings: Settings, life: Lifetime, options: { readonly words: readonly string[]; readonly progress: Progress }): Promise<number> {
  const { progress } = options;
  const [first = '', ...others] = options.words;
  const named = programs.find((program) => program === first);
  if (first !== '' && !first.startsWith('-') && !named) throw new CommandFailed(`There is no bench "${first}": ${programs.join(', ')}.`, exitCodes.usage);
  const main = join(settings.root, 'dist/tools/bench', named ?? programs[0], 'main.js');
  if (!existsSync(main)) throw new CommandFailed(`The build has no ${main}.`);
  const system = new System({ settings, stateDir: join(settings.stateDir, 'bench'), infra: 'auto', strictPorts: false, discard: true, progress });
  life.atEnd(async () => progress.close());
  life.atEnd(() => system.stop(life.hurry));
  const { infra } = await system.startServers();
  system.markRunning();
  const env = {
    KKM_BENCH_AMQP_URL: infra.amqpUrl,
    KKM_BENCH_AMQP_MANAGEMENT_URL: infra.managementUrl,
    KKM_BENCH_DATABASE_URL: `${infra.adminDatabaseUrl}/postgres`,
  };
  const command = [process.execPath, '--enable-source-maps', main, ...(named ? others : options.words)] as [string, ...string[]];
  const { code } = await runProgram({ command, cwd: settings.root, env: { ...ownEnvironment(), ...env }, inherit: true }, life);
  return code ?? exitCodes.failed;
}
