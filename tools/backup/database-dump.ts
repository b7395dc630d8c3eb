import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findDumpPrograms } from './dump-programs';
import { queryRows } from './query-rows';

/** A long dump of a large database may take this long. */
const withinMs = 3_600_000;

/** Neither program of the machine can dump the server. The message says what to install. */
export class NoDumpPrograms extends Error {
  override readonly name = 'NoDumpPrograms';
}

/** Writes a database to `file` in Postgres' own archive format, and notes in the database itself that it did: what is restored from it then knows how old it is. */
export async function dumpDatabase(url: string, file: string): Promise<void> {
  const bin = await programsFor(url);
  await queryRows(url, 'insert into ledger.backup default values');
  await run(join(bin, 'pg_dump'), ['--format=custom', '--file', file], url);
}

/**
 * Puts a dump in place of all schemas of a database, in one transaction, and begins what must be done before anything is charged (design-money, clause 12). No
 * service may be running: what it still did would be lost, or stand in the way. The roles that own the schemas must exist.
 */
export async function restoreDatabase(url: string, file: string): Promise<void> {
  const bin = await programsFor(url);
  const schemas = await queryRows<{ name: string }>(
    url,
    `select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')`,
  );
  for (const { name } of schemas) await queryRows(url, `drop schema "${name}" cascade`);
  await run(join(bin, 'pg_restore'), ['--exit-on-error', '--single-transaction', file], url);
  await queryRows(url, 'select ledger.begin_after_restore()');
}

async function programsFor(url: string): Promise<string> {
  const [row] = await queryRows<{ version: number }>(url, `select current_setting('server_version_num')::int as version`);
  const major = Math.floor((row?.version ?? 0) / 10_000);
  const found = findDumpPrograms(major);
  if (!found) throw new NoDumpPrograms(`There is no pg_dump of Postgres ${major} or newer on this machine: apt-get install -y postgresql-client-${major}`);
  return found.bin;
}

/** The password goes by the environment: a command line is for all to read. */
function run(program: string, words: readonly string[], url: string): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const environment = {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
  const database = program.endsWith('pg_restore') ? ['--dbname', environment.PGDATABASE] : [];
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...database, ...words], { env: environment, stdio: ['ignore', 'ignore', 'pipe'], timeout: withinMs });
    let errors = '';
    child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${String(code)}: ${errors.slice(-2_000)}`))));
  });
}
