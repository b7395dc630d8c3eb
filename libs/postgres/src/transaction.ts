import type { ErrorCode } from '@kkm/core';
import type { DataSource } from 'typeorm';
import { asksForRepeat, mapDatabaseError } from './database-errors';
import { withConnection } from './sql';
import type { Sql } from './sql';

/** How a transaction is run. */
export interface TransactionOptions {
  /** How often it is run in all when Postgres asks for a repeat. Default 5. */
  readonly triesMax?: number;
  /** The code of `Unavailable` when the database cannot be had or the tries are used up. Default `ledger.unavailable`. */
  readonly unavailableCode?: ErrorCode;
}

const begin = { name: '', text: 'begin' };
const commit = { name: '', text: 'commit' };
const rollback = { name: '', text: 'rollback' };

/**
 * Runs `work` in one READ COMMITTED transaction on one connection: all of it happens or nothing does.
 * `work` is run again after a deadlock or serialization failure, so it must have no other effects.
 */
export async function transaction<T>(dataSource: DataSource, work: (sql: Sql) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
  const { triesMax = 5, unavailableCode = 'ledger.unavailable' } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return await once(dataSource, unavailableCode, work);
    } catch (error) {
      if (!asksForRepeat(error) || tries >= triesMax) throw mapDatabaseError(error, unavailableCode);
    }
  }
}

async function once<T>(dataSource: DataSource, unavailableCode: ErrorCode, work: (sql: Sql) => Promise<T>): Promise<T> {
  const ended = await withConnection<{ value: T } | { repeat: unknown }>(dataSource, unavailableCode, async (sql) => {
    await sql.run(begin);
    try {
      const value = await work(sql);
      await sql.run(commit);
      return { value };
    } catch (error) {
      await rollBack(sql);
      // Handed out as a value, because the connection's mapping would hide that a repeat may help.
      if (asksForRepeat(error)) return { repeat: error };
      throw error;
    }
  });
  if ('repeat' in ended) throw ended.repeat;
  return ended.value;
}

/** Rolls back; where the connection is already gone the server has done so, and the first error is the one to tell. */
async function rollBack(sql: Sql): Promise<void> {
  try {
    await sql.run(rollback);
  } catch {
    return;
  }
}
