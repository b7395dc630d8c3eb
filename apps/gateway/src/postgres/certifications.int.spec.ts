import { certificationStoreConformance } from '@kkm/flow/testing';
import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { certifications } from './certifications';
import { gatewayMigrations } from './migrations';

describeWith(['database'], 'certifications in Postgres', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'certifications-test' });
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });

  certificationStoreConformance(() => certifications(sqlOf(dataSource)));
});
