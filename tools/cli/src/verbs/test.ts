import { join } from 'node:path';
import { ownEnvironment } from '../cli.config';
import type { Settings } from '../cli.config';
import { CommandFailed, exitCodes } from '../command-failed';
import { stopInstallation } from '../infra/apt';
import type { InfraChoice } from '../infra/infra-choices';
import { provideChromium } from '../infra/install-chromium';
import { providePromtool } from '../infra/install-promtool';
import { provideSocat } from '../infra/install-socat';
import { provideSpin } from '../infra/install-spin';
import { System } from '../system/system';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';
import { runChaosTest } from '../test-run/run-chaos';
import { runJest } from '../test-run/run-jest';
import type { Tally } from '../test-run/tally';
import { notRun, tallyTable } from '../test-run/tally';

/** The kinds of test in the order they are run: those that need no servers while the servers start. */
const kinds = ['unit', 'architecture', 'model', 'sim', 'int', 'e2e', 'browser', 'crash', 'compose', 'chaos'] as const;
/** Kinds that later releases bring. */
const laterKinds: readonly string[] = ['load'];
const needServers: readonly string[] = ['int', 'e2e', 'browser', 'crash'];

/** What was asked for. */
export interface TestOptions {
  readonly infra: InfraChoice;
  /** Empty: all. */
  readonly kinds: readonly string[];
  /** Words for Jest. */
  readonly jest: readonly string[];
  readonly progress: Progress;
}

/** Test servers, or why there are none. */
type Servers = { readonly env: Readonly<Record<string, string>> } | { readonly missing: string };

/** Runs tests against servers of their own and prints what came of it. Exit code 1 when any failed, 3 when servers cannot be had without a person. */
export async function test(settings: Settings, life: Lifetime, options: TestOptions): Promise<number> {
  const { progress } = options;
  const chosen = choose(options.kinds);
  const system = new System({ settings, stateDir: join(settings.stateDir, 'test'), infra: options.infra, strictPorts: false, discard: true, progress });
  life.atEnd(async () => progress.close());
  life.atEnd(() => system.stop(life.hurry));
  life.atEnd(stopInstallation);
  const starting = chosen.some((kind) => needServers.includes(kind)) ? startServers(system) : Promise.resolve({ env: {} });
  starting.catch(() => undefined); // Heard where it is awaited; until then other kinds go on.
  const tallies: Tally[] = [];
  const runOne = async (kind: string): Promise<Tally> => {
    if (kind === 'int') await provideSocat(join(system.paths.logs, 'apt.log'), progress);
    if (kind === 'architecture') await providePromtool(join(system.paths.logs, 'apt.log'), progress);
    if (kind === 'browser') await provideChromium(join(system.paths.logs, 'apt.log'), progress);
    if (kind === 'model') await provideSpin(join(system.paths.logs, 'apt.log'), progress);
    if (kind === 'chaos') {
      await system.stop(life.hurry); // It comes last and brings servers of its own; two cores have enough to do with those.
      return runChaosTest(settings, life, progress);
    }
    const servers: Servers = needServers.includes(kind) ? await starting : { env: {} };
    const run = { root: settings.root, folder: system.paths.dir, kind, words: options.jest, progress };
    const env = { ...('env' in servers ? servers.env : {}), ...simSeconds(kind, options.kinds), ...crashMatrix(kind, options.kinds) };
    return 'missing' in servers ? notRun(kind, servers.missing) : runJest({ ...run, servers: env }, life);
  };
  for (const kind of chosen) {
    tallies.push(await runOne(kind));
    for (const failure of tallies.at(-1)?.failures ?? []) process.stdout.write(`\n${failure}\n`);
  }
  const missing = await starting;
  await system.stop(life.hurry);
  progress.close();
  process.stdout.write(`\n${tallyTable(tallies)}`);
  if (tallies.some(({ failed }) => failed > 0)) return exitCodes.failed;
  return 'missing' in missing ? exitCodes.missing : exitCodes.ok;
}

/** Who asks for the simulation by name gets a minute of seeds, unless KKM_SIM_SECONDS says otherwise; a run of everything gets a sample. */
function simSeconds(kind: string, asked: readonly string[]): Readonly<Record<string, string>> {
  if (kind !== 'sim' || !asked.includes('sim')) return {};
  return { KKM_SIM_SECONDS: ownEnvironment()['KKM_SIM_SECONDS'] ?? '60' };
}

/** Who asks for the crash matrix by name gets all of it, unless KKM_CRASH_MATRIX says `sample`; a run of everything gets a sample. */
function crashMatrix(kind: string, asked: readonly string[]): Readonly<Record<string, string>> {
  if (kind !== 'crash') return {};
  return { KKM_CRASH_MATRIX: asked.includes('crash') ? (ownEnvironment()['KKM_CRASH_MATRIX'] ?? 'all') : 'sample' };
}

function choose(asked: readonly string[]): readonly string[] {
  if (asked.length === 0) return kinds;
  for (const kind of asked) {
    if (laterKinds.includes(kind)) throw new CommandFailed(`There are no ${kind} tests in this release.`, exitCodes.usage);
    if (!(kinds as readonly string[]).includes(kind)) throw new CommandFailed(`There is no kind of test "${kind}": ${kinds.join(', ')}.`, exitCodes.usage);
  }
  return kinds.filter((kind) => asked.includes(kind));
}

async function startServers(system: System): Promise<Servers> {
  try {
    const { infra } = await system.startServers();
    system.markRunning();
    return {
      env: { KKM_TEST_AMQP_URL: infra.amqpUrl, KKM_TEST_AMQP_MANAGEMENT_URL: infra.managementUrl, KKM_TEST_DATABASE_URL: `${infra.adminDatabaseUrl}/postgres` },
    };
  } catch (error) {
    if (error instanceof CommandFailed && error.exitCode === exitCodes.missing) return { missing: error.message.replace(/\s+/g, ' ') };
    throw error;
  }
}
