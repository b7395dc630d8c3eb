import { requestStoreConformance } from '@kkm/flow/testing';
import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { gatewayMigrations } from './migrations';
import { terminalRequests } from './terminal-requests';

describeWith(['database'], 'requests to terminals in Postgres', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'terminal-requests-test' });
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  requestStoreConformance(() => terminalRequests(sqlOf(dataSource)));
});
