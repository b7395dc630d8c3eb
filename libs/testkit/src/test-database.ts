import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { readTestServers } from './test-servers.config';

/** A fresh database of one suite. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Drops it, with whoever is still connected. */
  dispose(): Promise<void>;
}

/** Creates a database of its own on the test server. Call it only inside a `describeWith(['database'], …)`. */
export async function testDatabase(): Promise<TestDatabase> {
  const { databaseUrl, missing } = readTestServers();
  if (!databaseUrl) throw new Error(`There is no Postgres for tests: ${missing ?? 'the environment does not name it'}.`);
  const name = `kkm_test_${randomBytes(6).toString('hex')}`;
  await onServer(databaseUrl, `CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.toString(), name, dispose: () => onServer(databaseUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
