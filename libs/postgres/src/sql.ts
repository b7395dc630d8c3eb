import { check } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { isDatabaseLost, mapDatabaseError } from './database-errors';

/** A statement with parameters `$1…`. The name makes Postgres parse and plan it once per connection, so one name must always go with one text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs statements: each for itself on the pool, or all on one connection inside {@link transaction}. */
export interface Sql {
  /** The rows a statement returns. Column types are the caller's promise: they come from the statement beside it. */
  rows<Row extends object>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement and tells how many rows it changed. */
  run(statement: Statement, values?: readonly unknown[]): Promise<number>;
}

/** Statements outside a transaction: each is one by itself and commits by itself. The database's loss becomes `Unavailable(unavailableCode)`. */
export function sqlOf(dataSource: DataSource, unavailableCode: ErrorCode = 'ledger.unavailable'): Sql {
  const use = <T>(work: (sql: Sql) => Promise<T>): Promise<T> => withConnection(dataSource, unavailableCode, work);
  return {
    rows: <Row extends object>(statement: Statement, values?: readonly unknown[]) => use((sql) => sql.rows<Row>(statement, values)),
    run: (statement, values) => use((sql) => sql.run(statement, values)),
  };
}

/** Lends one pooled connection to `work`. A connection that broke is thrown away, not given back. */
export async function withConnection<T>(dataSource: DataSource, unavailableCode: ErrorCode, work: (sql: Sql) => Promise<T>): Promise<T> {
  return lend(dataSource, { unavailableCode, keep: true }, (client) => work(sqlOn(client)));
}

/** A connection for oneself. */
export interface Session extends Sql {
  /** Hears what others say by `pg_notify` on a channel. The name comes from code, never from input. */
  listen(channel: string, heard: () => void): Promise<void>;
}

/** Lends a connection to work that leaves marks on it: session locks, listens. It is closed afterwards, and its marks are gone with it. */
export async function onSession<T>(dataSource: DataSource, unavailableCode: ErrorCode, work: (session: Session) => Promise<T>): Promise<T> {
  return lend(dataSource, { unavailableCode, keep: false }, (client) => {
    const listen = async (channel: string, heard: () => void): Promise<void> => {
      client.on('notification', heard);
      await client.query(`listen ${channel}`);
    };
    return work({ ...sqlOn(client), listen });
  });
}

async function lend<T>(
  dataSource: DataSource,
  how: { readonly unavailableCode: ErrorCode; readonly keep: boolean },
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  let drop = !how.keep;
  let client: PoolClient | null = null;
  try {
    client = await connect(dataSource);
    return await work(client);
  } catch (error) {
    drop ||= isDatabaseLost(error);
    throw mapDatabaseError(error, how.unavailableCode);
  } finally {
    client?.removeListener('error', ignoreBroken);
    client?.release(drop);
  }
}

/** A lent connection reports its end through the running query as well; the event alone must not end the process. */
function ignoreBroken(): void {}

async function connect(dataSource: DataSource): Promise<PoolClient> {
  const pool = (dataSource.driver as PostgresDriver).master as { connect(): Promise<PoolClient> } | undefined;
  check(pool, 'the data source is open');
  const client = await pool.connect();
  client.on('error', ignoreBroken);
  return client;
}

function sqlOn(client: PoolClient): Sql {
  const query = (statement: Statement, values: readonly unknown[] = []) => client.query({ name: statement.name, text: statement.text, values: [...values] });
  return {
    rows: async <Row extends object>(statement: Statement, values?: readonly unknown[]) => (await query(statement, values)).rows as Row[],
    run: async (statement, values) => (await query(statement, values)).rowCount ?? 0,
  };
}
