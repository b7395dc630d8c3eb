import { virtualBooksConformance } from '@kkm/flow/testing';
import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { gatewayMigrations } from './migrations';
import { virtualBooks } from './virtual-books';

describeWith(['database'], 'virtual registers in Postgres', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const clear = () => sqlOf(dataSource).run({ name: '', text: 'truncate gateway.virtual_register cascade' });
  beforeAll(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'virtual-books-test' });
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  virtualBooksConformance(async () => {
    await clear();
    return virtualBooks(dataSource);
  });

  it('answer none to a number that no document can have', async () => {
    expect(await virtualBooks(dataSource).check({ siteId: 'club-1', registerId: 'desk-1' }, 2 ** 40)).toBeNull();
  });

  it('hold texts that no database can, and answer a repeat with the same', async () => {
    await clear();
    const books = virtualBooks(dataSource);
    const register = { siteId: 'club-1', registerId: 'desk-1' };
    const once = (slip: string) => books.change(register, 'one', (state) => ({ kind: 'made', state, entry: { payload: { Slip: slip }, check: null } }));
    const first = await once('a\0b\ud800c');
    expect(first).toEqual({ kind: 'made', entry: { payload: { Slip: 'a\ufffdb\ufffdc' }, check: null } });
    expect(await once('other')).toEqual(first);
  });

  it('keep nothing of a command whose decision fails', async () => {
    await clear();
    const books = virtualBooks(dataSource);
    const register = { siteId: 'club-1', registerId: 'desk-1' };
    await expect(
      books.change(register, 'one', () => {
        throw new RangeError('a bug');
      }),
    ).rejects.toThrow('a bug');
    expect((await books.read(register)).documentNumber).toBe(0);
  });
});
