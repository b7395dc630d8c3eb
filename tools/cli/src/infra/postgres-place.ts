import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFailed } from '../command-failed';
import type { RunAs } from '../processes/process-plan';
import type { StatePaths } from '../state/state-paths';
import { canReach } from './run-as';

/** Folders outside of the state folder are made here; it is not emptied at boot, as /tmp may be. */
const elsewhere = '/var/tmp';

/** Where Postgres keeps its files. */
export interface PostgresPlace {
  readonly folder: string;
  /** Whether the folder lies outside of the state folder and has to be removed apart from it. */
  readonly outside: boolean;
}

/**
 * The folder for Postgres' files. Normally in the state folder; when root runs Postgres as another user who cannot reach
 * that (a checkout below /root, mode 700), in /var/tmp under the state folder's drawn name, so that a state folder that
 * was deleted and made anew also gets a new database.
 */
export function postgresPlace(paths: StatePaths, id: string, user: RunAs | null): PostgresPlace {
  mkdirSync(paths.postgres, { recursive: true });
  const inside = { folder: paths.postgres, outside: false };
  if (user === null) return inside;
  chownSync(paths.postgres, user.uid, user.gid);
  if (canReach(paths.postgres, user)) return inside;
  removeForgotten(paths.dir, id);
  return { folder: placeOutside(paths.dir, id, user), outside: true };
}

/** Removes what {@link postgresPlace} made for a state folder, all of it. */
export function removePostgresPlace(paths: StatePaths, id: string): void {
  rmSync(paths.postgres, { recursive: true, force: true });
  rmSync(join(elsewhere, `kkm-${id}`), { recursive: true, force: true });
}

function placeOutside(stateDir: string, id: string, user: RunAs): string {
  const folder = join(elsewhere, `kkm-${id}`);
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, 'made-for'), stateDir);
    chownSync(folder, user.uid, user.gid);
  }
  const found = lstatSync(folder); // Anybody may write in /var/tmp: take only a folder that this program made.
  if (!found.isDirectory() || found.uid !== user.uid) throw new CommandFailed(`${folder} belongs to somebody else. Remove it and run the command again.`);
  return folder;
}

/** A state folder that was deleted leaves its outside folder behind; the next one at the same place clears it away. */
function removeForgotten(stateDir: string, id: string): void {
  for (const name of readdirSync(elsewhere)) {
    const note = join(elsewhere, name, 'made-for');
    if (!name.startsWith('kkm-') || name === `kkm-${id}` || !existsSync(note)) continue;
    if (readFileSync(note, 'utf8') === stateDir) rmSync(join(elsewhere, name), { recursive: true, force: true });
  }
}

/** The folder of binaries as that user can reach it: itself, or a copy of its whole installation in `place`. */
export function reachableBinaries(bin: string, place: string, user: RunAs | null): string {
  if (user === null || canReach(bin, user)) return bin;
  const copy = join(place, 'programs');
  if (!existsSync(join(copy, 'complete'))) {
    rmSync(copy, { recursive: true, force: true });
    cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(copy, 'complete'), bin);
  }
  return join(copy, 'bin');
}
