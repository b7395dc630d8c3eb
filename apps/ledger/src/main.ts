import { createLogger, createMetrics, startTracing } from '@kkm/observability';
import { ledgerConfig } from './ledger.config';
import { startLedger } from './running-ledger.module';

const service = 'ledger';

async function main(): Promise<void> {
  const config = ledgerConfig();
  const tracing = await startTracing({ service, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  const log = createLogger({ service, level: config.KKM_LOG_LEVEL });
  const ledger = await startLedger(config, log, createMetrics(service));
  log.info({ url: ledger.url }, 'The ledger listens.');
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'The ledger stops.');
    await ledger.stop();
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
