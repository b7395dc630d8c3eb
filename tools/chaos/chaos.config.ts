import { amqpUrl, loadConfig, postgresUrl } from '@kkm/config';
import { z } from 'zod';

const schema = z.object({
  KKM_CHAOS_AMQP_URL: amqpUrl,
  KKM_CHAOS_AMQP_MANAGEMENT_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }),
  KKM_CHAOS_DATABASE_URL: postgresUrl,
  KKM_CHAOS_STATE_FILE: z.string().min(1),
});

/** Where a campaign finds broker and database, and the processes behind them: `./kkm chaos` says it. */
export interface ChaosConfig {
  /** Broker with credentials of an administrator, no vhost. */
  readonly amqpUrl: string;
  /** Management API of the same broker. */
  readonly amqpManagementUrl: string;
  /** A database whose user may create databases, roles and schemas. */
  readonly databaseUrl: string;
  /** The state file of the supervisor that starts both again when they are killed. */
  readonly stateFile: string;
}

/** Reads the environment. @throws InvalidConfig with all faults. */
export function readChaosConfig(env: NodeJS.ProcessEnv = process.env): ChaosConfig {
  const config = loadConfig(schema, env);
  return Object.freeze({
    amqpUrl: config.KKM_CHAOS_AMQP_URL,
    amqpManagementUrl: config.KKM_CHAOS_AMQP_MANAGEMENT_URL,
    databaseUrl: config.KKM_CHAOS_DATABASE_URL,
    stateFile: config.KKM_CHAOS_STATE_FILE,
  });
}
