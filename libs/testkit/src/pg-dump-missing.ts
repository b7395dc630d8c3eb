import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian keeps the programs of Postgres, one folder per version. The package that brings a server along on npm has none of those that dump. */
const folder = '/usr/lib/postgresql';

/** Why nothing can be dumped here; null when it can. */
export function pgDumpMissing(): string | null {
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  return versions.some((version) => existsSync(join(folder, version, 'bin/pg_dump'))) ? null : 'no pg_dump on this machine';
}
