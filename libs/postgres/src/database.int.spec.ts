import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Unavailable } from '@kkm/core';
import { describeWith, FaultProxy, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { openDataSource } from './data-source';
import { migrate } from './migrate';
import type { Migration } from './migrate';
import { sqlOf } from './sql';
import { transaction } from './transaction';

const first: Migration = { name: '0001-first', sql: 'create table counter (id int primary key, n int not null); insert into counter values (1, 0), (2, 0)' };
const second: Migration = { name: '0002-second', sql: 'alter table counter add column note text' };
const text = (sql: string) => ({ name: '', text: sql });

describeWith(['database'], 'the database adapter', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeEach(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'test', poolSize: 4 });
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.dispose();
  });
  const counters = async (): Promise<number[]> =>
    (await sqlOf(dataSource).rows<{ n: number }>(text('select n from made.counter order by id'))).map((row) => row.n);
  const migrated = () => migrate(dataSource, { schema: 'made', migrations: [first] });

  it('applies what is missing, once, in order', async () => {
    expect(await migrate(dataSource, { schema: 'made', migrations: [first] })).toEqual(['0001-first']);
    expect(await migrate(dataSource, { schema: 'made', migrations: [first, second] })).toEqual(['0002-second']);
    expect(await migrate(dataSource, { schema: 'made', migrations: [first, second] })).toEqual([]);
  });

  it('applies each migration once when replicas start together', async () => {
    const others = await Promise.all([1, 2, 3].map(() => openDataSource({ url: database.url, applicationName: 'test', poolSize: 2 })));
    const applied = await Promise.all([dataSource, ...others].map((one) => migrate(one, { schema: 'made', migrations: [first, second] })));
    expect(applied.flat().sort()).toEqual(['0001-first', '0002-second']);
    await Promise.all(others.map((other) => other.destroy()));
  });

  it('undoes a migration that fails and can go on when it is mended', async () => {
    const broken = { name: '0002-second', sql: 'alter table counter add column note text; select nonsense' };
    await expect(migrate(dataSource, { schema: 'made', migrations: [first, broken] })).rejects.toThrow('nonsense');
    expect(await migrate(dataSource, { schema: 'made', migrations: [first, second] })).toEqual(['0002-second']);
  });

  it('refuses an edited migration and a database from the future', async () => {
    await migrate(dataSource, { schema: 'made', migrations: [first, second] });
    await expect(migrate(dataSource, { schema: 'made', migrations: [{ ...first, sql: `${first.sql} ` }, second] })).rejects.toThrow('was edited');
    await expect(migrated()).rejects.toThrow('newer than the program');
    await expect(migrate(dataSource, { schema: 'made', migrations: [second, first] })).rejects.toThrow('ascending');
  });

  it('migrates in a schema it owns without the right to create one', async () => {
    const role = `role_${database.name}`;
    await dataSource.query(`create role ${role} login password 'role'; create schema made authorization ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'role';
    const restricted = await openDataSource({ url: url.toString(), applicationName: 'test', poolSize: 2 });
    try {
      expect(await migrate(restricted, { schema: 'made', migrations: [first] })).toEqual(['0001-first']);
    } finally {
      await restricted.destroy();
      await dataSource.query(`drop owned by ${role}; drop role ${role}`);
    }
  });

  it('commits all of a transaction or nothing', async () => {
    await migrated();
    await transaction(dataSource, async (sql) => {
      await sql.run(text('update made.counter set n = 1 where id = 1'));
      await sql.run(text('update made.counter set n = 1 where id = 2'));
    });
    const failing = transaction(dataSource, async (sql) => {
      await sql.run(text('update made.counter set n = 2 where id = 1'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await counters()).toEqual([1, 1]);
  });

  it('runs a transaction again when a deadlock chose it', async () => {
    await migrated();
    let met: (() => void) | null = null;
    const both = new Promise<void>((resolve) => (met = resolve));
    let inside = 0;
    let runs = 0;
    const cross = (ids: readonly [number, number]) =>
      transaction(dataSource, async (sql) => {
        runs += 1;
        await sql.run(text(`update made.counter set n = n + 1 where id = ${ids[0]}`));
        inside += 1;
        if (inside === 2) met?.();
        await both;
        await sql.run(text(`update made.counter set n = n + 1 where id = ${ids[1]}`));
      });
    await Promise.all([cross([1, 2]), cross([2, 1])]);
    expect(await counters()).toEqual([2, 2]);
    // Once more for the one that the deadlock chose; on a slow machine it may be chosen again.
    expect(runs).toBeGreaterThanOrEqual(3);
  });

  it('gives up after the tries it has', async () => {
    await migrated();
    let runs = 0;
    const failing = transaction(
      dataSource,
      async (sql) => {
        runs += 1;
        await sql.run(text(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`));
      },
      { triesMax: 3, unavailableCode: 'settings.unavailable' },
    );
    await expect(failing).rejects.toMatchObject({ code: 'settings.unavailable' });
    expect(runs).toBe(3);
  });

  it('reads 64-bit integers as numbers and refuses those that are none', async () => {
    const sql = sqlOf(dataSource);
    expect(await sql.rows(text('select 9007199254740991::int8 as n'))).toEqual([{ n: 9007199254740991 }]);
    await expect(sql.rows(text('select 9007199254740993::int8 as n'))).rejects.toThrow(RangeError);
    expect(await sql.rows(text('select 1::int8 as n'))).toEqual([{ n: 1 }]);
  });

  it('says that the database is away, and works again when it is back', async () => {
    const proxy = await FaultProxy.before(database.url);
    const linked = await openDataSource({ url: proxy.through(database.url), applicationName: 'test', poolSize: 2 });
    const sql = sqlOf(linked);
    expect(await sql.rows(text('select 1 as n'))).toEqual([{ n: 1 }]);
    proxy.set({ kind: 'refused' });
    await expect(sql.rows(text('select 1 as n'))).rejects.toThrow(Unavailable);
    await expect(transaction(linked, (inside) => inside.run(text('select 1 as n')))).rejects.toThrow(Unavailable);
    proxy.set({ kind: 'none' });
    expect(await sql.rows(text('select 1 as n'))).toEqual([{ n: 1 }]);
    const dying = transaction(linked, async (inside) => {
      await inside.run(text('select 1 as n'));
      proxy.cut();
      await inside.run(text('select 1 as n'));
    });
    await expect(dying).rejects.toThrow(Unavailable);
    expect(await sql.rows(text('select 1 as n'))).toEqual([{ n: 1 }]);
    await linked.destroy();
    await proxy.close();
  });

  it('outlives a server that ends in the very packet in which it says that it is ready', async () => {
    const dying = await dyingServer(database.url);
    const linked = await openDataSource({ url: dying.url, applicationName: 'test', poolSize: 2 });
    await transaction(linked, async (inside) => {
      await inside.run(text('select 1 as n')); // Keeps the one connection there is, so that the next statement needs another.
      dying.arm(true);
      await expect(sqlOf(linked).rows(text('select 1 as n'))).rejects.toThrow(Unavailable);
      dying.arm(false);
    });
    expect(await sqlOf(linked).rows(text('select 1 as n'))).toEqual([{ n: 1 }]);
    await linked.destroy();
    await dying.close();
  });

  it('gives up on a database that never answers', async () => {
    const opening = openDataSource({
      url: 'postgres://nobody@127.0.0.1:1/none',
      applicationName: 'test',
      connectWithinMs: 300,
      unavailableCode: 'settings.unavailable',
    });
    await expect(opening).rejects.toMatchObject({ code: 'settings.unavailable' });
  });
});

/** Postgres behind a door that, when armed, puts "terminating connection" behind the first "ready for query" of each connection, in one packet, and closes. */
async function dyingServer(realUrl: string): Promise<{ readonly url: string; arm(armed: boolean): void; close(): Promise<void> }> {
  const { hostname, port } = new URL(realUrl);
  const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
  const words = Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0');
  const length = Buffer.alloc(4);
  length.writeInt32BE(words.length + 4);
  const lastWords = Buffer.concat([Buffer.from('E'), length, words]);
  let armed = false;
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    client.pipe(upstream);
    upstream.on('data', (bytes: Buffer) => {
      if (armed && bytes.subarray(-readyForQuery.length).equals(readyForQuery)) client.end(Buffer.concat([bytes, lastWords]));
      else client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(realUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    arm: (wanted) => {
      armed = wanted;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
