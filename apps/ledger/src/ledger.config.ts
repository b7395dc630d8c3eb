import { amqpUrl, loadConfig, port, postgresUrl, serviceVariables, wholeNumber } from '@kkm/config';
import type { Environment } from '@kkm/config';
import { permitTimes } from '@kkm/core';
import { errandTimes } from '@kkm/flow/ledger';
import { z } from 'zod';

const schema = z.object({
  ...serviceVariables,
  KKM_HTTP_PORT: port.default(8081),
  KKM_AMQP_URL: amqpUrl,
  KKM_DATABASE_URL: postgresUrl,
  /** Connections to Postgres held at most. */
  KKM_DATABASE_POOL: wholeNumber(2, 50).default(6),
  /** Broker user of KKM's own services; the user of KKM_AMQP_URL when unset. */
  KKM_SERVICE_USER: z.string().min(1).max(128).optional(),
  /** How long after a permit was asked for its bytes may go out. Longer than 10 s lets a guest's card be charged after the cashier gave up. */
  KKM_SEND_WITHIN_MS: wholeNumber(1_000, permitTimes.sendWithinMs).default(permitTimes.sendWithinMs),
  /** How long a lease outlives its last renewal; workers renew theirs every KKM_HEARTBEAT_MS, which must fit into it several times. */
  KKM_LEASE_MS: wholeNumber(2_000, 60_000).default(permitTimes.leaseMs),
  /** Seconds after its last change until a payment that has ended is closed by itself and can be redone no more. */
  KKM_CLOSE_AFTER_S: wholeNumber(60, 30 * 86_400).default(86_400),
  /** From when an attempt is found in doubt that nobody works on until a worker is sent to ask its terminal; doubles with every try. */
  KKM_RECOVER_FIRST_MS: wholeNumber(100, 60_000).default(errandTimes.firstMs),
  /** How long a worker counts as a member of its site after its last heartbeat. */
  KKM_MEMBER_MS: wholeNumber(1_000, 60_000).default(permitTimes.memberMs),
  /** What the key of banks' secrets is made from: 32 random bytes, base64url, best given as KKM_SEALING_KEY_FILE. Without it no bank can be set or used. */
  KKM_SEALING_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url')
    .optional(),
  /** Whether webhooks may go to private addresses, unencrypted: only where the receiver is a program of one's own network. */
  KKM_PRIVATE_WEBHOOKS: z.enum(['refused', 'allowed']).default('refused'),
  /** For the crash matrix alone: the file that says where this process kills itself (libs/crash-points). Never set where guests pay. */
  KKM_CRASH_PATH: z.string().min(1).optional(),
});

/** The ledger's configuration, checked and frozen. */
export type LedgerConfig = Readonly<z.output<typeof schema> & { readonly KKM_SERVICE_USER: string }>;

/** Reads the environment. @throws InvalidConfig with all faults. */
export function ledgerConfig(env: Environment = process.env): LedgerConfig {
  const config = loadConfig(schema, env);
  return Object.freeze({ ...config, KKM_SERVICE_USER: config.KKM_SERVICE_USER ?? userOf(config.KKM_AMQP_URL) });
}

/** RabbitMQ takes `guest` where a URL names no user. */
function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username) || 'guest';
}
