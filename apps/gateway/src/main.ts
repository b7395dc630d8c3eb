import { resolve } from 'node:path';
import { armedPoints } from '@kkm/crash-points';
import { connectBroker, brokerMetrics } from '@kkm/messaging';
import { createLogger, createMetrics, startTracing } from '@kkm/observability';
import { migrate, openDataSource } from '@kkm/postgres';
import { buildGateway } from './build-gateway';
import { gatewayConfig, tlsOf } from './gateway.config';
import { openKkmServer } from './kkmserver/open-kkmserver';
import { gatewayMigrations } from './postgres/migrations';
import { startDoors } from './doors.module';

const service = 'gateway';

/** Where the build puts the admin page: beside the gateway. */
const builtAdminPage = resolve(__dirname, '../../admin');

async function main(): Promise<void> {
  const config = gatewayConfig();
  const tracing = await startTracing({ service, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  const log = createLogger({ service, level: config.KKM_LOG_LEVEL });
  const metrics = createMetrics(service);
  const dataSource = await openDataSource({ url: config.KKM_DATABASE_URL, applicationName: service, unavailableCode: 'settings.unavailable' });
  await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
  const broker = await connectBroker({ url: config.KKM_AMQP_URL, name: service, log, metrics: brokerMetrics(metrics) });
  const reach = armedPoints(config.KKM_CRASH_PATH, log);
  const parts = await buildGateway({
    broker,
    dataSource,
    log,
    metrics,
    reach,
    serviceUser: config.KKM_SERVICE_USER,
    privateBanks: config.KKM_PRIVATE_BANKS === 'allowed',
    sealingKey: config.KKM_SEALING_KEY ?? null,
  });
  if (config.KKM_BOOTSTRAP_API_KEY && (await parts.apiKeys.bootstrap(config.KKM_BOOTSTRAP_API_KEY))) log.info({}, 'The first API key was stored.');
  if (config.KKM_BOOTSTRAP_ADMIN_PASSWORD && (await parts.users.bootstrap(config.KKM_BOOTSTRAP_ADMIN_USER, config.KKM_BOOTSTRAP_ADMIN_PASSWORD)))
    log.info({ user: config.KKM_BOOTSTRAP_ADMIN_USER }, 'The first admin was stored.');
  // Before the HTTP door, whose health says that the gateway is ready.
  const { commandDesk: desk, sites, callbackBook } = parts;
  const kkmServer = await openKkmServer(config, { desk, sites, callbackBook, log, metrics });
  const app = await startDoors(parts, {
    host: config.KKM_HTTP_HOST,
    port: config.KKM_HTTP_PORT,
    publicOrigin: config.KKM_PUBLIC_URL ? new URL(config.KKM_PUBLIC_URL).origin : null,
    tls: tlsOf(config),
    adminPath: config.KKM_ADMIN_PATH ?? builtAdminPage,
    trustedProxies: config.KKM_TRUSTED_PROXIES ?? null,
    rate: { perSecond: config.KKM_RATE_PER_SECOND, burst: config.KKM_RATE_BURST },
    log,
    metrics,
    broker,
  });
  log.info({ url: await app.getUrl(), kkmServer: kkmServer.urls }, 'The gateway listens.');

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'The gateway stops.');
    await kkmServer.close();
    await app.close();
    await broker.close();
    await dataSource.destroy();
    await tracing.stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal).then(() => process.exit(0), fail));
}

/** A process that cannot work says why and lets its supervisor start it anew. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
