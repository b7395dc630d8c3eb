import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStatements } from '@kkm/postgres';
import { errorCode } from '../state/files';
import type { StatePaths } from '../state/state-paths';
import { secret } from '../state/identity';

/** The database of all services; each has a schema of its own in it. */
const database = 'kkm';

/** Postgres URLs of the services' own roles. */
export interface DatabaseUrls {
  readonly gateway: string;
  readonly ledger: string;
}

/** Makes database, roles and schemas where they are missing, and gives each service its own URL. `adminUrl` has no path. Repeatable. */
export async function setUpDatabase(adminUrl: string, paths: StatePaths, root: string): Promise<DatabaseUrls> {
  const passwords = { gateway: secret(paths, 'gateway-database-password'), ledger: secret(paths, 'ledger-database-password') };
  await runStatements(urlOf(adminUrl, { path: 'postgres' }), [`CREATE DATABASE ${database}`]).catch(unlessItExists);
  await runStatements(urlOf(adminUrl, { path: database }), [
    `SET kkm.gateway_password = '${passwords.gateway}'`, // Hexadecimal digits: nothing to escape.
    `SET kkm.ledger_password = '${passwords.ledger}'`,
    readFileSync(join(root, 'infra/postgres/roles.sql'), 'utf8'),
  ]);
  return {
    gateway: urlOf(adminUrl, { path: database, user: 'kkm_gateway', password: passwords.gateway }),
    ledger: urlOf(adminUrl, { path: database, user: 'kkm_ledger', password: passwords.ledger }),
  };
}

/** The database of all services, as administrator. `adminUrl` has no path. */
export function databaseOfServices(adminUrl: string): string {
  return urlOf(adminUrl, { path: database });
}

/**
 * Sets the database of all services aside under another name and makes an empty one in its place. Returns how to throw away the new one and bring the old one back. Nobody
 * may be connected.
 */
export async function setDatabaseAside(adminUrl: string, aside: string): Promise<{ readonly undo: () => Promise<void> }> {
  const server = urlOf(adminUrl, { path: 'postgres' });
  await runStatements(server, [`ALTER DATABASE ${database} RENAME TO ${aside}`, `CREATE DATABASE ${database}`]);
  return { undo: () => runStatements(server, [`DROP DATABASE ${database} WITH (FORCE)`, `ALTER DATABASE ${aside} RENAME TO ${database}`]) };
}

/** SQLSTATE duplicate_database. */
function unlessItExists(error: unknown): void {
  if (errorCode(error) === '42P04') return;
  throw error;
}

interface UrlChange {
  readonly path: string;
  readonly user?: string;
  readonly password?: string;
}

function urlOf(origin: string, change: UrlChange): string {
  const url = new URL(origin);
  url.pathname = `/${change.path}`;
  if (change.user !== undefined) url.username = change.user;
  if (change.password !== undefined) url.password = change.password;
  return url.href;
}
