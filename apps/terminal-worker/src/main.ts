import 'reflect-metadata';
import { createLogger, frameworkLog, startTracing } from '@kkm/observability';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { assembleWorker } from './run-worker';
import { WorkerModule } from './worker.module';
import { workerConfig } from './worker.config';

/** Starts a worker and keeps it until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = workerConfig();
  const tracing = await startTracing({ service: 'terminal-worker', endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  const log = createLogger({ service: 'terminal-worker', level: config.KKM_LOG_LEVEL });
  const { worker, strategy, health, stop } = await assembleWorker(config, log);
  const app = await NestFactory.create<NestFastifyApplication>(WorkerModule.register(worker, health), new FastifyAdapter(), { logger: frameworkLog(log) });
  app.connectMicroservice<MicroserviceOptions>({ strategy });
  await app.startAllMicroservices();
  await app.listen(config.KKM_HTTP_PORT, config.KKM_HTTP_HOST);
  let stopping: Promise<void> | null = null;
  const end = (signal: string): void => {
    log.info({ signal }, 'leaving');
    stopping ??= stop()
      .then(() => app.close())
      .then(() => tracing.stop())
      .then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  await worker.start();
  log.info({ siteId: config.KKM_SITE_ID, url: await app.getUrl() }, 'worker started');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
