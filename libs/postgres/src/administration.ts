import { Client } from 'pg';

/** How long a connection and a single statement of an administrator may take. */
const limitsMs = { connect: 2_000, statement: 30_000 } as const;

/**
 * Runs statements one after the other on one connection, outside of a transaction, as databases and roles are made.
 * `url` names the database and carries the credentials. Errors are those of `pg`.
 */
export async function runStatements(url: string, statements: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

/** Whether a server answers `select 1` on this URL now. Refused, wrong password and "still starting" are all `false`. */
export async function answersQueries(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('select 1'));
    return true;
  } catch {
    return false;
  }
}

async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: limitsMs.connect, query_timeout: limitsMs.statement });
  client.on('error', () => undefined); // A connection lost while idle also fails the statement that follows.
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end().catch(() => undefined); // The work is done or has already failed.
  }
}
