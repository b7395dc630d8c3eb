import { migrate, openDataSource } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { ledgerMigrations, ledgerSchema } from './migrations';
import { prepareWebhookJobs } from './webhook-jobs';

/**
 * Planner settings of the ledger's sessions. Every statement reaches its rows by index. A plan kept from when a table was empty would scan it for ever,
 * so scans and hash joins are priced out, and generic plans spare planning at each call.
 */
const sessionSettings = {
  search_path: ledgerSchema,
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_bitmapscan: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** What a ledger calls its connections. */
const ledgerName = 'kkm-ledger-2';
/** What it called them as long as it did not send the events of checks apart. */
export const earlierLedgerName = 'kkm-ledger';

/** Opens the ledger's pool and brings its schema up to date. */
export async function openLedgerDatabase(options: {
  readonly url: string;
  readonly poolSize?: number;
  readonly onPoolError?: (error: Error) => void;
}): Promise<DataSource> {
  const dataSource = await openDataSource({ ...options, applicationName: ledgerName, sessionSettings });
  try {
    await migrate(dataSource, { schema: ledgerSchema, migrations: ledgerMigrations });
    await prepareWebhookJobs(options.url);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
