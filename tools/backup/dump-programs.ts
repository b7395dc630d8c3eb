import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian keeps one folder of programs per version of Postgres. */
const machineFolder = '/usr/lib/postgresql';

/** A folder with `pg_dump` and `pg_restore`, and the major version it is of. */
export interface DumpPrograms {
  readonly bin: string;
  readonly major: number;
}

/** The newest programs of this machine that can dump a server of version `serverMajor` (an older program refuses a newer server); null when there are none. */
export function findDumpPrograms(serverMajor: number, folder = machineFolder): DumpPrograms | null {
  const versions = existsSync(folder) ? readdirSync(folder).map(Number).filter(Number.isInteger) : [];
  const usable = versions
    .filter((major) => major >= serverMajor)
    .map((major) => ({ major, bin: join(folder, String(major), 'bin') }))
    .filter(({ bin }) => ['pg_dump', 'pg_restore'].every((name) => existsSync(join(bin, name))));
  // The server's own version writes what it can read back itself.
  return usable.sort((a, b) => a.major - b.major)[0] ?? null;
}
