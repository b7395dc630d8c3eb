import { forwardedChecksConformance } from '@kkm/flow/testing';
import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { forwardedChecks } from './forwarded-checks';
import { gatewayMigrations } from './migrations';

describeWith(['database'], 'forwarded checks in Postgres', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'forwarded-checks-test' });
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  forwardedChecksConformance(async () => {
    await sqlOf(dataSource).run({ name: '', text: 'truncate gateway.forwarded_check' });
    return forwardedChecks(sqlOf(dataSource));
  });
});
