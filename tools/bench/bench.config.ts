import { amqpUrl, loadConfig, postgresUrl } from '@kkm/config';
import { z } from 'zod';

const schema = z.object({
  KKM_BENCH_AMQP_URL: amqpUrl,
  KKM_BENCH_AMQP_MANAGEMENT_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }),
  KKM_BENCH_DATABASE_URL: postgresUrl,
});

/** Where the benches find broker and database: `./kkm bench` says it, or whoever starts them by hand. */
export interface BenchConfig {
  /** Broker with credentials and vhost. */
  readonly amqpUrl: string;
  /** Management API of the same broker, with credentials that may make virtual hosts. */
  readonly amqpManagementUrl: string;
  /** A database whose user may create databases, roles and schemas. */
  readonly databaseUrl: string;
}

/** Reads `KKM_BENCH_AMQP_URL`, `KKM_BENCH_AMQP_MANAGEMENT_URL` and `KKM_BENCH_DATABASE_URL`. */
export function readBenchConfig(env: NodeJS.ProcessEnv = process.env): BenchConfig {
  const config = loadConfig(schema, env);
  return Object.freeze({
    amqpUrl: config.KKM_BENCH_AMQP_URL,
    amqpManagementUrl: config.KKM_BENCH_AMQP_MANAGEMENT_URL,
    databaseUrl: config.KKM_BENCH_DATABASE_URL,
  });
}
