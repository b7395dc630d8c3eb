import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dumpDatabase, NoDumpPrograms } from '../../../backup/database-dump';
import type { Settings } from '../cli.config';
import { CommandFailed, exitCodes } from '../command-failed';
import { databaseOfServices } from '../infra/database-set-up';
import { readIfThere, writePrivate } from '../state/files';
import { statePaths } from '../state/state-paths';
import type { Endpoints } from '../system/endpoints';

/** What a backup holds: the database of gateway and ledger, and the keys without which the secrets in it cannot be read. */
export const backupFiles = { database: 'database.dump', keys: ['sealing-key', 'gateway-sealing-key'] } as const;

/** Writes a backup of the running system into a folder that only this user may read; payments go on meanwhile. */
export async function backup(settings: Settings, folder: string | null): Promise<number> {
  const paths = statePaths(settings.stateDir);
  const endpoints = readIfThere(paths.endpoints);
  if (endpoints === null) throw new CommandFailed(`Nothing runs in ${paths.dir}, and a backup is taken of a running system: ./kkm up --detach`);
  const target = resolve(folder ?? join(paths.dir, 'backups', new Date().toISOString().replaceAll(/[:.]/g, '-')));
  if (existsSync(target)) throw new CommandFailed(`${target} is there already; a backup never replaces another.`, exitCodes.usage);
  const unfinished = `${target}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  await orMissing(dumpDatabase(databaseOfServices((JSON.parse(endpoints) as Endpoints).postgres), join(unfinished, backupFiles.database)));
  for (const key of backupFiles.keys) writePrivate(join(unfinished, key), readIfThere(join(paths.secrets, key)) ?? '');
  renameSync(unfinished, target);
  process.stdout.write(`${target}\nIt holds the database and the keys of the secrets in it: keep it where nobody else reads, and not on this machine alone.\n`);
  return exitCodes.ok;
}

/** Says what a person has to install where the programs of Postgres are missing. */
export async function orMissing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NoDumpPrograms) throw new CommandFailed(error.message, exitCodes.missing);
    throw error;
  }
}
