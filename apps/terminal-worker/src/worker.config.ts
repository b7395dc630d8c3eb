import { amqpUrl, loadConfig, port, serviceVariables, wholeNumber } from '@kkm/config';
import type { Environment } from '@kkm/config';
import { equipmentIdPattern } from '@kkm/core';
import { workerTimes } from '@kkm/flow/worker';
import { z } from 'zod';

const schema = z.object({
  ...serviceVariables,
  KKM_HTTP_PORT: port.default(8082),
  KKM_AMQP_URL: amqpUrl,
  /** The site whose terminals this worker serves, together with its peers. */
  KKM_SITE_ID: z.string().regex(equipmentIdPattern, 'must be a site id'),
  /** Folder of the journals; each process takes a slot of its own in it. */
  KKM_JOURNAL_DIR: z.string().min(1).default('./journal'),
  /** How long a link proved by a test or an answer counts as live before a payment. */
  KKM_LINK_FRESH_MS: wholeNumber(0, 60_000).default(workerTimes.linkFreshMs),
  /** Pause between two link tests of an idle terminal. */
  KKM_HEALTH_SECONDS: wholeNumber(1, 3_600).default(workerTimes.healthMs / 1000),
  /** Pause between two heartbeats, which renew leases; no more than a third of the ledger's KKM_LEASE_MS, or a lease may lapse while its terminal is driven. */
  KKM_HEARTBEAT_MS: wholeNumber(200, 5_000).default(workerTimes.heartbeatMs),
  /** Pause before the second try to learn the outcome of an attempt in doubt; it doubles from try to try. */
  KKM_RECOVER_MS: wholeNumber(100, 30_000).default(workerTimes.recoverMs),
  /** How long a stopping worker waits for running payments. */
  KKM_DRAIN_SECONDS: wholeNumber(0, 600).default(25),
  /** For the crash matrix alone: the file that says where this process kills itself (libs/crash-points). Never set where guests pay. */
  KKM_CRASH_PATH: z.string().min(1).optional(),
});

/** The worker's configuration, checked and frozen. */
export type WorkerConfig = Readonly<z.output<typeof schema>>;

/** Reads the environment. @throws InvalidConfig with all faults. */
export function workerConfig(env: Environment = process.env): WorkerConfig {
  return loadConfig(schema, env);
}
