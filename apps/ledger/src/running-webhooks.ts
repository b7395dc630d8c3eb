import type { LedgerSurroundings } from '@kkm/flow/ledger';
import type { Logger, Metrics } from '@kkm/observability';
import type { LedgerConfig } from './ledger.config';
import type { openLedgerDatabase } from './postgres/open-ledger-database';
import { PostgresWebhookBook } from './postgres/webhook-book';
import { PostgresWebhookDeliveries } from './postgres/webhook-deliveries';
import { PostgresWebhookEndpoints } from './postgres/webhook-endpoints';
import { startWebhookJobs } from './postgres/webhook-jobs';
import { readForWebhooks } from './postgres/webhook-reader';
import { ledgerWebhooks } from './webhooks/ledger-webhooks';
import type { LedgerWebhooks } from './webhooks/ledger-webhooks';

/** What the ledger's webhooks are run over. */
export interface WebhookGround {
  readonly config: Pick<LedgerConfig, 'KKM_DATABASE_URL' | 'KKM_SEALING_KEY' | 'KKM_PRIVATE_WEBHOOKS'>;
  readonly dataSource: Awaited<ReturnType<typeof openLedgerDatabase>>;
  readonly around: LedgerSurroundings;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The ledger's webhooks on its database; not yet started. */
export async function webhooksOn({ config, dataSource, around, log, metrics }: WebhookGround): Promise<LedgerWebhooks> {
  const deliveries = new PostgresWebhookDeliveries(dataSource);
  return ledgerWebhooks({
    endpoints: new PostgresWebhookEndpoints(dataSource),
    deliveries,
    book: new PostgresWebhookBook(dataSource),
    around,
    draw: Math.random,
    log,
    metrics,
    sealingKey: config.KKM_SEALING_KEY ?? null,
    privateAllowed: config.KKM_PRIVATE_WEBHOOKS === 'allowed',
    read: () => readForWebhooks(dataSource, around.nowMs()),
    waiting: () => deliveries.waiting(),
    startJobs: (look, watch) => startWebhookJobs(config.KKM_DATABASE_URL, look, watch),
  });
}
