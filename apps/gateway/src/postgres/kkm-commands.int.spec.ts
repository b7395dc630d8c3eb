import { commandStoreConformance, sampleRecord } from '@kkm/flow/testing';
import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { kkmCommands } from './kkm-commands';
import { gatewayMigrations } from './migrations';

describeWith(['database'], 'commands of the KkmServer door in Postgres', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const run = (text: string) => sqlOf(dataSource).run({ name: '', text });
  beforeAll(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'kkm-commands-test' });
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  commandStoreConformance(() => ({
    store: kkmCommands(dataSource),
    nowMs: () => Date.now(),
    pass: async (ms) => {
      const older = ['taken_at', 'due_at', 'lease_until'].map((column) => `${column} = ${column} - interval '${ms} ms'`);
      await run(`update gateway.kkm_command set ${older.join(', ')}`);
    },
  }));

  it('keep the members of an answer in their order, and texts that a column cannot hold', async () => {
    const store = kkmCommands(dataSource);
    const answer = {
      status: 2,
      error: 'e',
      message: null,
      warning: null,
      numDevice: null,
      unitName: null,
      payload: { Zulu: 1, Alpha: 'a\0b', Mike: 3 },
    } as const;
    const record = sampleRecord(Date.now(), { registerId: 'desk-order', answer, lastError: 'a\0b' });
    await store.take(record);
    const kept = await store.byId(record.id);
    expect(Object.keys(kept?.answer?.payload ?? {})).toEqual(['Zulu', 'Alpha', 'Mike']);
    expect([kept?.answer, kept?.lastError]).toEqual([answer, 'a\ufffdb']);
  });

  it.each([
    ['a stage nobody knows', `update gateway.kkm_command set stage = 'lost'`],
    ['a charge without an amount', `update gateway.kkm_command set charge_amount = null where acquiring = 'charge'`],
    ['two commands that charged one payment', `update gateway.kkm_command set payment_id = 'pay_same' where acquiring = 'charge'`],
  ])('refuse %s', async (_what, text) => {
    await expect(run(text)).rejects.toThrow(/constraint/);
  });
});
