import type { KkmCommand } from '@kkm/core';
import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import type { Sql } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import type { CallbackBook } from '../kkmserver/callback/callback-book';
import { MemoryCallbackBook } from '../testing/memory-callback-book';
import { callbackBook } from './callback-book';
import { gatewayMigrations } from './migrations';

const command = (idCommand: string): KkmCommand => ({
  name: 'XReport',
  idCommand,
  unit: { numDevice: 0, innKkm: null, kktNumber: null, idDevice: null },
  cashier: { name: 'Анна', vatin: null },
  wish: { kind: 'RegisterTask', task: { kind: 'XReport' }, asSent: { Command: 'XReport' } },
});

/** What every book of the callback mode does. */
function keepsWhatIsOwed(name: string, open: () => Promise<CallbackBook>): void {
  it(`in ${name}: in order, once per key and site, until it is settled`, async () => {
    const book = await open();
    const reply = { Rezult: { Status: 3 }, Command: 'GetRezult', Status: 3 };
    await book.keep('club-1', 'b', { kind: 'command', command: command('b') });
    await book.keep('club-1', 'a', { kind: 'reply', reply });
    await book.keep('club-1', 'b', { kind: 'command', command: command('other') });
    await book.keep('club-2', 'b', { kind: 'command', command: command('b') });
    const owed = await book.owed('club-1', 10);
    expect(owed).toEqual([
      { key: 'b', kind: 'command', command: command('b') },
      { key: 'a', kind: 'reply', reply },
    ]);
    expect(JSON.stringify(owed[1])).toContain(JSON.stringify(reply));
    expect(await book.owed('club-1', 1)).toHaveLength(1);
    await book.settled('club-1', ['b', 'nothing']);
    expect([(await book.owed('club-1', 10)).map(({ key }) => key), (await book.owed('club-2', 10)).map(({ key }) => key)]).toEqual([['a'], ['b']]);
    await book.keep('club-1', 'b', { kind: 'command', command: command('b') });
    expect((await book.owed('club-1', 10)).map(({ key }) => key)).toEqual(['a', 'b']);
  });
}

describe('what is owed to remote servers', () => {
  keepsWhatIsOwed('memory', () => Promise.resolve(new MemoryCallbackBook()));
});

describeWith(['database'], 'what is owed to remote servers', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let sql: Sql;
  beforeAll(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'callback-book-test' });
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
    sql = sqlOf(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  keepsWhatIsOwed('Postgres', () => Promise.resolve(callbackBook(sql)));

  it('is a command or a reply, never both and never neither', async () => {
    for (const members of ['null, null', `'{}', '{}'`])
      await expect(
        sql.run({ name: '', text: `insert into gateway.kkm_callback (site_id, key, command, reply) values ('s', 'k', ${members})` }),
      ).rejects.toThrow(/kkm_callback_either/);
  });
});
