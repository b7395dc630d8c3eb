import { ledgerStoreConformance } from '@kkm/flow/testing';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { LedgerOnTrial } from './testing/ledger-on-trial';

describeWith(['database'], 'the ledger’s store on Postgres', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
  });
  afterAll(async () => {
    await ledger.close();
    await database.dispose();
  });

  ledgerStoreConformance(() => ledger.store);
});
