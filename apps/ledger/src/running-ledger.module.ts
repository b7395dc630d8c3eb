import 'reflect-metadata';
import { randomFillSync } from 'node:crypto';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exchangeTable, queues, queueTable } from '@kkm/contracts';
import { newId, permitTimes } from '@kkm/core';
import type { PermitTimes } from '@kkm/core';
import { armedPoints } from '@kkm/crash-points';
import { CloseEnded, DecideLateMoney, errandTimes, RecordResult, SendErrands, SweepExpired } from '@kkm/flow/ledger';
import type { LedgerStore, LedgerSurroundings } from '@kkm/flow/ledger';
import { AmqpStrategy, connectBroker, PassErrorsFilter, brokerMetrics } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { frameworkLog, traceHeaders } from '@kkm/observability';
import type { Logger, Metrics } from '@kkm/observability';
import { sqlOf } from '@kkm/postgres';
import type { Sql } from '@kkm/postgres';
import { errandPublisher } from './amqp/errand-publisher';
import { qrHints } from './amqp/qr-hints';
import { Trust } from './amqp/trust';
import { Chores } from './chores';
import type { Chore } from './chores';
import { crashingBank, crashingOutbox, crashingRelay, crashingStore } from './ledger-crash-points';
import type { LedgerConfig } from './ledger.config';
import { LedgerWatch } from './ledger-watch';
import { unbindFormer } from './former-bindings';
import { LedgerModule } from './ledger.module';
import { webhooksOn } from './running-webhooks';
import { OutboxRelay } from './outbox-relay';
import { pooledRandom } from './pooled-random';
import { openLedgerDatabase } from './postgres/open-ledger-database';
import { PostgresLedgerStore } from './postgres/postgres-ledger-store';
import { PostgresOutbox } from './postgres/postgres-outbox';
import { PostgresRestoreBook } from './postgres/restore-book';
import { PostgresSbpAccounts } from './postgres/sbp-accounts';
import { healthReader } from './postgres/terminal-health';
import { forgetWorkers } from './postgres/worker-statements';
import { AfterRestore } from './restore/after-restore';
import type { RestoreBook } from './restore/after-restore';
import { ledgerBanks } from './sbp/ledger-banks';
import { SbpWatch } from './sbp/sbp-watch';

/** So many results and calls are worked on at a time; those of one moment share statements. */
const prefetch = 100;

/** A worker not seen for this long is no longer listed; looked for this often. */
const workerKeptMs = 24 * 3_600_000;
const forgetMs = 600_000;

/** Late money is looked for this often. */
const decideMs = 500;

/** Attempts that nobody works on are looked for this often. */
const errandsMs = 500;

/** Payments that ended long ago are looked for this often. */
const closeMs = 5_000;

/** A running ledger. */
export interface RunningLedger {
  /** Origin of health and metrics. */
  readonly url: string;
  /** Drains: no further work is taken, what runs is finished, connections are given back. */
  stop(): Promise<void>;
}

/** What chores about payments are built from. */
interface ChoreParts {
  readonly store: LedgerStore;
  readonly around: LedgerSurroundings;
  readonly broker: Broker;
  readonly sql: Sql;
  readonly config: Pick<LedgerConfig, 'KKM_RECOVER_FIRST_MS' | 'KKM_CLOSE_AFTER_S'>;
  readonly watch: LedgerWatch;
}

/** Starts the ledger: database, broker, handlers, relay and sweeper. */
export async function startLedger(config: LedgerConfig, log: Logger, metrics: Metrics): Promise<RunningLedger> {
  const dataSource = await openLedgerDatabase({
    url: config.KKM_DATABASE_URL,
    poolSize: config.KKM_DATABASE_POOL,
    onPoolError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const sql = sqlOf(dataSource);
  const broker = await connectBroker({ url: config.KKM_AMQP_URL, name: 'kkm-ledger', log, metrics: brokerMetrics(metrics) });
  await broker.declare(exchangeTable, queueTable);
  const reach = armedPoints(config.KKM_CRASH_PATH, log);
  const outbox = new PostgresOutbox(dataSource);
  const watch = new LedgerWatch(metrics, log, () => outbox.standing());
  const relay = new OutboxRelay(crashingOutbox(outbox, reach), crashingRelay(broker, reach), { watch });
  const traceparent = (): string | null => traceHeaders()['traceparent'] ?? null;
  const tables = new PostgresLedgerStore({ dataSource, onEvents: () => tellOfEvents(), traceparent });
  const store = crashingStore(tables, reach);
  const random = pooledRandom((bytes) => void randomFillSync(bytes));
  const around: LedgerSurroundings = { nowMs: Date.now, newId: (prefix) => newId(prefix, Date.now(), random), times: timesOf(config) };
  const sbp = await ledgerBanks({
    store,
    around,
    hints: qrHints(broker),
    qrs: tables,
    table: new PostgresSbpAccounts(dataSource),
    watch: new SbpWatch(metrics, log),
    sealingKey: config.KKM_SEALING_KEY ?? null,
    wrap: (bank) => crashingBank(bank, reach),
  });
  const webhooks = await webhooksOn({ config, dataSource, around, log, metrics });
  const tellOfEvents = (): void => {
    relay.wake();
    webhooks.wake();
  };
  const others = [...paymentChores({ store, around, broker, sql, config, watch }), ...sbp.chores, ...webhooks.chores, unbindFormer(broker, sql)];
  const chores = new Chores(new SweepExpired(store, around), others, watch);
  const module = LedgerModule.over({
    store,
    terminals: healthReader(sql),
    around,
    sbp,
    webhooks: webhooks.desk,
    afterRestore: afterRestoreOn(new PostgresRestoreBook(dataSource), store, around),
    trust: new Trust(config.KKM_SERVICE_USER),
    watch,
    health: { registry: metrics.registry, ready: readiness(broker, sql) },
  });
  const app = await appOf(module, broker, log);
  relay.start();
  chores.start();
  await webhooks.start();
  await app.startAllMicroservices();
  await app.listen(config.KKM_HTTP_PORT, config.KKM_HTTP_HOST);
  const stop = async (): Promise<void> => {
    await app.close();
    for (const part of [chores, sbp, webhooks, relay]) await part.stop();
    await broker.close();
    await dataSource.destroy();
  };
  return { url: await app.getUrl(), stop };
}

/** The times of permits, as they are configured. */
function timesOf(config: LedgerConfig): PermitTimes {
  return { ...permitTimes, sendWithinMs: config.KKM_SEND_WITHIN_MS, leaseMs: config.KKM_LEASE_MS, memberMs: config.KKM_MEMBER_MS };
}

/** What people do after a restore. */
function afterRestoreOn(book: RestoreBook, store: LedgerStore, around: LedgerSurroundings): AfterRestore {
  return new AfterRestore({ book, store, recording: new RecordResult(store, around), around });
}

/** The application over its module, with the queues it hears. */
async function appOf(module: DynamicModule, broker: Broker, log: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: frameworkLog(log), abortOnError: false });
  const strategy = new AmqpStrategy({ broker, calls: [{ queue: queues.ledgerRpc, prefetch }], queues: [{ queue: queues.ledgerResults, prefetch }] });
  // Deferred, because filters are taken up when the microservice begins.
  app.connectMicroservice({ strategy }, { deferInitialization: true }).useGlobalFilters(new PassErrorsFilter());
  return app;
}

/** What is done about payments that nobody asks about. */
function paymentChores({ store, around, broker, sql, config, watch }: ChoreParts): readonly Chore[] {
  const closing = new CloseEnded(store, around);
  const deciding = new DecideLateMoney(store, around);
  const errands = new SendErrands(store, errandPublisher(broker), { nowMs: Date.now, errandTimes: { ...errandTimes, firstMs: config.KKM_RECOVER_FIRST_MS } });
  return [
    { what: 'send errands', everyMs: errandsMs, work: async () => watch.errands(await errands.execute()) },
    { what: 'decide about late money', everyMs: decideMs, work: () => deciding.execute() },
    { what: 'forget workers', everyMs: forgetMs, work: () => sql.run(forgetWorkers, [new Date(Date.now() - workerKeptMs)]) },
    { what: 'close payments', everyMs: closeMs, work: () => closing.execute(config.KKM_CLOSE_AFTER_S * 1_000) },
  ];
}

/** Whether the ledger can work: it needs its broker and its database. */
function readiness(broker: Broker, sql: Sql): () => Promise<{ readonly broker: boolean; readonly database: boolean }> {
  return async () => {
    const rows = await sql.rows({ name: 'ledger.ready', text: 'select 1 as ready' });
    return { broker: broker.state === 'connected', database: rows.length === 1 };
  };
}
