import { createMetrics } from '@kkm/observability';
import type { Logger } from '@kkm/observability';
import { Counter } from './counter';
import type { VirtualTerminalConfig } from './virtual-terminal.config';
import { controlApi } from './virtual-terminal.module';

/** A running virtual-terminal service. */
export interface RunningCounter {
  readonly counter: Counter;
  /** Origin of the control API and the page. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Opens the terminals' ports, then the control API. Throws when a port is taken. */
export async function startCounter(config: VirtualTerminalConfig, log: Logger): Promise<RunningCounter> {
  const { KKM_HTTP_HOST: host, KKM_HTTP_PORT: port } = config;
  const counter = new Counter(
    {
      terminals: config.KKM_VT_TERMINALS,
      host,
      cardWaitMs: config.KKM_VT_CARD_WAIT_MS,
      waitEveryMs: config.KKM_VT_WAIT_EVERY_MS,
      onCableFailure: (err) => log.error({ err }, 'A cable cannot be put in again.'),
      merchants: config.KKM_VT_SBP_ACCOUNTS,
    },
    () => Date.now(),
  );
  await counter.listen();
  const metrics = createMetrics('virtual-terminal');
  metrics.gauge({
    name: 'kkm_vt_connected_terminals',
    help: 'Virtual terminals with a register connected.',
    collect: (gauge) => gauge.set(counter.all().filter(({ isConnected }) => isConnected).length),
  });
  const ready = (): Promise<Record<string, boolean>> =>
    Promise.resolve({ terminals: counter.all().every(({ place }) => place.kind === 'serial' || place.port > 0) });
  const app = await controlApi(counter, { ready, registry: metrics.registry }, log);
  await app.listen(port, host);
  const stop = async (): Promise<void> => {
    await app.close();
    await counter.close();
  };
  return { counter, url: await app.getUrl(), stop };
}
