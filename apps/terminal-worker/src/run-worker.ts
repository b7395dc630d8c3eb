import { armedPoints } from '@kkm/crash-points';
import { Worker, workerTimes } from '@kkm/flow/worker';
import type { WorkerPorts, WorkerTimes } from '@kkm/flow/worker';
import { AmqpStrategy, brokerMetrics, connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { createMetrics, runWithTrace, traceHeaders } from '@kkm/observability';
import type { HealthOptions, Logger } from '@kkm/observability';
import { equipmentCalls, ledgerCalls, progressPublisher, requestCalls, resultPublisher } from './broker-calls';
import { takeJournalSlot } from './journal/journal-slot';
import { machineClock, machineIds, newWorkerId } from './machine';
import { terminalConnections } from './terminal-connections';
import { terminalQueues } from './terminal-queues';
import { crashingPorts, crashingWorker } from './worker-crash-points';
import { workerWatch } from './worker-watch';
import type { WorkerConfig } from './worker.config';

/** A worker with everything it stands on, before it takes any work. */
export interface AssembledWorker {
  readonly worker: Worker;
  readonly strategy: AmqpStrategy;
  readonly health: HealthOptions;
  /** Lets running payments end for at most the configured time, then closes everything. What still runs is recovered from the journal. */
  stop(): Promise<void>;
}

/** Joins the use cases to broker, journal and terminals. */
export async function assembleWorker(config: WorkerConfig, log: Logger): Promise<AssembledWorker> {
  const metrics = createMetrics('terminal-worker');
  const watch = workerWatch(metrics, log);
  const slot = await takeJournalSlot(config.KKM_JOURNAL_DIR, watch);
  const workerId = newWorkerId();
  log.info({ workerId, journal: slot.folder, entries: slot.adopted }, 'journal opened');
  metrics.gauge({ name: 'kkm_journal_entries', help: 'Attempts the journal still holds.', collect: (gauge) => gauge.set(slot.journal.all().length) });
  const broker = await connectBroker({
    url: config.KKM_AMQP_URL,
    name: `terminal-worker ${config.KKM_SITE_ID}`,
    // The worker has drained when it closes the broker, or may wait no longer.
    drainMs: 1_000,
    log,
    metrics: brokerMetrics(metrics),
    tracing: { headers: traceHeaders, continued: runWithTrace },
  });
  const strategy = new AmqpStrategy({ broker, drainMs: 1_000 });
  const reach = armedPoints(config.KKM_CRASH_PATH, log);
  const ports: WorkerPorts = {
    workerId,
    siteId: config.KKM_SITE_ID,
    clock: machineClock,
    ids: machineIds,
    ledger: ledgerCalls(broker),
    equipment: equipmentCalls(broker),
    journal: slot.journal,
    links: terminalConnections(log),
    queues: terminalQueues(config.KKM_SITE_ID, strategy, broker),
    results: resultPublisher(broker),
    requests: requestCalls(broker),
    progress: progressPublisher(broker),
    watch,
    times: timesOf(config),
  };
  const worker = crashingWorker(new Worker(crashingPorts(ports, reach)), reach);
  const ready = (): Promise<Record<string, boolean>> => Promise.resolve({ broker: broker.state === 'connected', ...worker.health });
  const stop = async (): Promise<void> => {
    await Promise.race([worker.leave(), machineClock.sleep(config.KKM_DRAIN_SECONDS * 1000)]);
    await closeAll(broker, () => slot.journal.close());
  };
  return { worker, strategy, health: { ready, registry: metrics.registry }, stop };
}

function timesOf(config: WorkerConfig): WorkerTimes {
  return {
    ...workerTimes,
    linkFreshMs: config.KKM_LINK_FRESH_MS,
    healthMs: config.KKM_HEALTH_SECONDS * 1000,
    heartbeatMs: config.KKM_HEARTBEAT_MS,
    recoverMs: config.KKM_RECOVER_MS,
  };
}

async function closeAll(broker: Broker, closeJournal: () => Promise<void>): Promise<void> {
  await broker.close();
  await closeJournal();
}
