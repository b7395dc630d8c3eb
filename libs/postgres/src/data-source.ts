import { Unavailable } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';
import { types } from 'pg';
import type { ClientBase } from 'pg';
import { DataSource } from 'typeorm';
import { isDatabaseLost } from './database-errors';

/** How a service reaches its database. */
export interface DataSourceOptions {
  /** Postgres URL with the service's own role. */
  readonly url: string;
  /** Seen in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections held at most; small pools are no slower on few cores. Default 6. */
  readonly poolSize?: number;
  /** How long to keep trying for the first connection. Default 30 000. */
  readonly connectWithinMs?: number;
  /** A statement that runs longer is cancelled by the server. Default 10 000. */
  readonly statementTimeoutMs?: number;
  /** The code of {@link Unavailable} when the database cannot be had. Default `ledger.unavailable`. */
  readonly unavailableCode?: ErrorCode;
  /** Planner settings for all sessions, for example `enable_seqscan: 'off'`. Names and values come from code, never from input. */
  readonly sessionSettings?: Readonly<Record<string, string>>;
  /** Told about errors of idle connections; the pool replaces them by itself. */
  readonly onPoolError?: (error: Error) => void;
}

/**
 * Between its first "ready for query" and the moment when it is lent, a fresh connection has no listener of the pool; a server that ends in the same packet
 * would end this process. Whoever is lent the connection finds it broken by the first query.
 */
function outliveServer(client: ClientBase): void {
  client.on('error', () => undefined);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** 64-bit integers hold amounts and positions below 2^53, so they are read as numbers; anything larger is a bug and is refused. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a safe integer`);
  return value;
}

const int8Oid = 20;

function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  return oid === int8Oid && format !== 'binary' ? parseInt8 : types.getTypeParser(oid, format);
}

/** Opens the connection pool through TypeORM, trying again while the database starts. Throws {@link Unavailable} when time is up. */
export async function openDataSource(options: DataSourceOptions): Promise<DataSource> {
  const deadline = Date.now() + (options.connectWithinMs ?? 30_000);
  for (;;) {
    const dataSource = buildDataSource(options);
    try {
      return await dataSource.initialize();
    } catch (error) {
      if (!isDatabaseLost(error)) throw error;
      if (Date.now() >= deadline) throw new Unavailable(options.unavailableCode ?? 'ledger.unavailable', { cause: error });
      await pause(250);
    }
  }
}

function buildDataSource(options: DataSourceOptions): DataSource {
  const settings = {
    TimeZone: 'UTC',
    statement_timeout: String(options.statementTimeoutMs ?? 10_000),
    idle_in_transaction_session_timeout: '60000',
    jit: 'off',
    ...options.sessionSettings,
  };
  return new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    poolSize: options.poolSize ?? 6,
    connectTimeoutMS: 5_000,
    installExtensions: false,
    logging: false,
    poolErrorHandler: (error: Error) => options.onPoolError?.(error),
    extra: {
      options: Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      types: { getTypeParser },
      onConnect: outliveServer,
      keepAlive: true,
      // A connection that is given up takes its prepared statements with it; the next call would pay for them again.
      idleTimeoutMillis: 0,
    },
  });
}
