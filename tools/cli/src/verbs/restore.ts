import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { restoreDatabase } from '../../../backup/database-dump';
import type { Settings } from '../cli.config';
import { CommandFailed, exitCodes } from '../command-failed';
import { databaseOfServices, setDatabaseAside, setUpDatabase } from '../infra/database-set-up';
import type { InfraChoice } from '../infra/infra-choices';
import { readIfThere, writePrivate } from '../state/files';
import { System } from '../system/system';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';
import { backupFiles, orMissing } from './backup';

/** What a restore needs besides the settings. */
export interface RestoreOptions {
  readonly folder: string;
  readonly infra: InfraChoice;
  readonly progress: Progress;
}

/**
 * Puts a backup in the place of the database. The system must not run. The database that was there is kept under another name, and comes back by itself when the
 * restore fails. Nothing is charged by the restored books before the terminals were asked (design-money, clause 12).
 */
export async function restore(settings: Settings, life: Lifetime, { folder, infra, progress }: RestoreOptions): Promise<number> {
  const from = resolve(folder);
  const dump = join(from, backupFiles.database);
  if (!existsSync(dump)) throw new CommandFailed(`${from} is no backup: it has no ${backupFiles.database}.`, exitCodes.usage);
  const system = new System({ settings, stateDir: settings.stateDir, infra, strictPorts: true, discard: false, databaseOnly: true, progress });
  life.atEnd(async () => progress.close());
  life.atEnd(() => system.stop(life.hurry));
  const { infra: servers } = await system.startServers();
  const admin = servers.adminDatabaseUrl;
  progress.begin('restore', 'restoring the database');
  await setUpDatabase(admin, system.paths, settings.root);
  const aside = `kkm_before_${new Date().toISOString().replaceAll(/\D/g, '')}`;
  const earlier = await setDatabaseAside(admin, aside);
  try {
    await orMissing(restoreDatabase(databaseOfServices(admin), dump));
    await setUpDatabase(admin, system.paths, settings.root);
  } catch (error) {
    await earlier.undo();
    throw error;
  }
  for (const key of backupFiles.keys) {
    const kept = readIfThere(join(from, key));
    if (kept) writePrivate(join(system.paths.secrets, key), kept);
  }
  progress.end('restore', 'the database is as it was backed up');
  await system.stop(life.hurry);
  progress.close();
  process.stdout.write(afterwards(aside));
  return exitCodes.ok;
}

const afterwards = (aside: string): string => `Restored; the database that was there is kept as ${aside}. Start it with ./kkm up.
Each terminal is asked for its report before it charges again; GET /v1/restore shows which still wait, and which charges of since the
backup a person has to assign (docs/RUNBOOK.md, "A backup was restored").
`;
