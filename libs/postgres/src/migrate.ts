import { createHash } from 'node:crypto';
import { check } from '@kkm/core';
import type { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';

/** One forward step of a schema: plain SQL, never edited once merged. */
export interface Migration {
  /** Sorts by its number: `0001-payments`. */
  readonly name: string;
  readonly sql: string;
}

/** What to bring up to date. */
export interface MigrateOptions {
  /** The service's own schema; statements run with it as `search_path`. */
  readonly schema: string;
  /** In the order they are applied. */
  readonly migrations: readonly Migration[];
}

const schemaPattern = /^[a-z][a-z0-9_]{0,40}$/;

/** Two numbers that make the advisory lock of KKM's migrations; the second comes from the schema's name. */
const lockClass = 5893;

/**
 * Applies what is missing, each migration in a transaction of its own, and returns the names applied.
 * An advisory lock makes replicas that start together wait for each other. Refuses to run when an applied migration was edited or is missing from the list.
 */
export async function migrate(dataSource: DataSource, options: MigrateOptions): Promise<readonly string[]> {
  const { schema } = options;
  check(schemaPattern.test(schema), `${schema} is no schema name`);
  checkOrder(options.migrations);
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('set statement_timeout = 0');
    await runner.query('select pg_advisory_lock($1, hashtext($2))', [lockClass, schema]);
    await prepare(runner, schema);
    return await applyMissing(runner, options);
  } finally {
    await restore(runner, schema);
  }
}

function checkOrder(migrations: readonly Migration[]): void {
  const names = migrations.map((migration) => migration.name);
  check(new Set(names).size === names.length && names.join() === [...names].sort().join(), 'migrations have distinct names in ascending order');
}

/** Makes schema and table where they are missing. A service's role may own its schema without the right to create one, so existence is asked first. */
async function prepare(runner: QueryRunner, schema: string): Promise<void> {
  const found = rowsOf<{ oid: number }>(await runner.query('select oid from pg_namespace where nspname = $1', [schema]));
  if (found.length === 0) await runner.query(`create schema ${schema}`);
  await runner.query(`set search_path to ${schema}`);
  await runner.query(
    `create table if not exists ${schema}.migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  );
}

async function applyMissing(runner: QueryRunner, { schema, migrations }: MigrateOptions): Promise<readonly string[]> {
  const applied = rowsOf<{ name: string; checksum: string }>(await runner.query(`select name, checksum from ${schema}.migration order by name`));
  const known = new Map(migrations.map((migration) => [migration.name, checksumOf(migration)]));
  for (const row of applied) {
    check(known.has(row.name), `the database holds migration ${row.name}, which this version does not know: it is newer than the program`);
    check(known.get(row.name) === row.checksum, `migration ${row.name} was edited after it was applied`);
  }
  const done = new Set(applied.map((row) => row.name));
  const missing = migrations.filter((migration) => !done.has(migration.name));
  for (const migration of missing) await applyOne(runner, schema, migration);
  return missing.map((migration) => migration.name);
}

async function applyOne(runner: QueryRunner, schema: string, migration: Migration): Promise<void> {
  await runner.startTransaction();
  try {
    await runner.query(migration.sql);
    await runner.query(`insert into ${schema}.migration (name, checksum) values ($1, $2)`, [migration.name, checksumOf(migration)]);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

/** Gives the connection back as it was. When that fails the connection is broken, its lock is gone with it and the pool drops it. */
async function restore(runner: QueryRunner, schema: string): Promise<void> {
  try {
    await runner.query('select pg_advisory_unlock($1, hashtext($2))', [lockClass, schema]);
    await runner.query('reset all');
  } finally {
    await runner.release();
  }
}

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

function rowsOf<Row>(result: unknown): readonly Row[] {
  check(Array.isArray(result), 'a query returns rows');
  return result as readonly Row[];
}
