import { createLogger } from '@kkm/observability';
import { startCounter } from './start-counter';
import { virtualTerminalConfig } from './virtual-terminal.config';

const service = 'virtual-terminal';

async function main(): Promise<void> {
  const config = virtualTerminalConfig();
  const log = createLogger({ service, level: config.KKM_LOG_LEVEL });
  const running = await startCounter(config, log);
  const [first] = running.counter.all();
  log.info({ url: running.url, terminals: running.counter.all().length, first: first?.place }, 'The virtual terminals listen.');
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'The virtual terminals stop.');
    await running.stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal).then(() => process.exit(0), fail));
}

/** A process that cannot work says why and lets its supervisor start it anew. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
