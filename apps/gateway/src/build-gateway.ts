import { createHash } from 'node:crypto';
import { completionEventSchema, exchanges, exchangeTable, queueTable, terminalQueues } from '@kkm/contracts';
import type { CompletionEvent } from '@kkm/core';
import type { Reach } from '@kkm/crash-points';
import type { Broker, Log } from '@kkm/messaging';
import type { Metrics } from '@kkm/observability';
import { sqlOf } from '@kkm/postgres';
import type { openDataSource, Statement } from '@kkm/postgres';
import { AuditTrail } from './audit/audit-trail';
import { buildAccess } from './build-access';
import { buildCertifications } from './build-certifications';
import { buildCommandDesk } from './build-command-desk';
import { buildEquipment } from './build-equipment';
import { buildDoorUnits } from './build-door-units';
import { buildParkedMessages } from './build-parked-messages';
import { buildTerminalRequests, buildWorkerEquipment } from './build-terminal-requests';
import { buildWebhooks } from './build-webhooks';
import { WorkerTrust } from './access/worker-trust';
import { commandPublisher } from './amqp/command-publisher';
import { IngressDoor } from './amqp/ingress-door';
import { healthLedgerClient, ledgerClient, restoreLedgerClient, sbpLedgerClient } from './amqp/ledger-client';
import { deskTerminalRequests } from './desk/terminal-requests';
import { crashingCommands, crashingIngress, crashingLedger, crashingSbpLedger } from './gateway-crash-points';
import { fiscalPasswords } from './fiscal/fiscal-passwords';
import type { GatewayParts } from './gateway.module';
import { Documents } from './http/documents.controller';
import { LivePayments } from './live/live-payments';
import { ProgressHub } from './live/progress-hub';
import { StreamHub } from './live/stream-hub';
import { Payments } from './payments';
import { pageOfAudit, storeAuditEntry } from './postgres/audit.row';
import { callbackBook } from './postgres/callback-book';
import { equipmentOfSite, everyTerminal, paymentEquipment } from './postgres/payment-equipment';

/** Version of the contract, in both documents. */
const contractVersion = '1.0.0';

const nothing: Statement = { name: 'nothing', text: 'select' };

/** What the gateway is built over. */
export interface GatewayGround {
  readonly broker: Broker;
  readonly dataSource: Awaited<ReturnType<typeof openDataSource>>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Broker user of KKM's own services. */
  readonly serviceUser: string;
  /** Whether the bank of a site may be at a private address. */
  readonly privateBanks?: boolean;
  /** What the key of registers' passwords is made from; without it none can be stored. */
  readonly sealingKey?: string | null;
  /** Crash points, under the crash matrix alone. */
  readonly reach?: Reach | null;
}

/** Builds all parts, declares the topology with the queues of every terminal, and begins to listen to completion events. */
export async function buildGateway(ground: GatewayGround): Promise<GatewayParts> {
  const { broker, dataSource, log, metrics, reach = null, privateBanks = false } = ground;
  const sql = sqlOf(dataSource, 'settings.unavailable');
  const ledger = crashingLedger(ledgerClient(broker), reach);
  const sbpLedger = crashingSbpLedger(sbpLedgerClient(broker), reach);
  const commands = crashingCommands(commandPublisher(broker), reach);
  const live = new LivePayments(() => performance.now(), endToEnd(metrics));
  const streamHub = new StreamHub(ledger, (error) => log.error({ err: error }, 'The feed cannot be read for streams.'));
  const equipment = paymentEquipment(sql);
  const payments = new Payments({ ledger, commands, equipment, digest }, { live, log });
  const passwords = fiscalPasswords(ground.sealingKey ?? null);
  const settings = buildEquipment({ dataSource, broker, commands, ledger, sbpLedger, passwords, log, privateBanks });
  const units = buildDoorUnits({ ...settings, dataSource, passwords });
  const asking = buildTerminalRequests({ sql, ledger, commands, health: healthLedgerClient(broker) });
  const atTerminals = deskTerminalRequests(asking.terminalRequests, async (siteId) => (await equipmentOfSite(sql, siteId, null)).terminals ?? []);
  const door = buildCommandDesk({ dataSource, payments, units, equipment, terminals: atTerminals, log, reach, digest });
  const trust = new WorkerTrust(ground.serviceUser);
  const terminals = await everyTerminal(sql);
  await broker.declare(exchangeTable, [...queueTable, ...terminals.flatMap(({ siteId, terminalId }) => terminalQueues(siteId, terminalId))]);
  await hearEvents(broker, { live, streamHub });
  return {
    payments,
    ...door,
    streamHub,
    ...buildAccess(dataSource),
    audit: new AuditTrail({ store: (entry) => storeAuditEntry(sql, entry), page: (asked) => pageOfAudit(sql, asked) }, log),
    ...settings,
    workerEquipment: buildWorkerEquipment(sql, asking.terminalRequests, trust),
    workerTrust: trust,
    ...asking,
    ...buildCertifications({ sql, ledger, payments, requests: asking.terminalRequests, log }),
    ingress: crashingIngress(new IngressDoor(payments, log), reach),
    sbpNotifications: sbpLedger,
    webhookEndpoints: buildWebhooks({ broker, sites: settings.sites, log }),
    parkedMessages: await buildParkedMessages(ground),
    restoreLedger: restoreLedgerClient(broker),
    progressHub: new ProgressHub(broker, trust),
    documents: new Documents(contractVersion),
    callbackBook: callbackBook(sql),
    health: {
      registry: metrics.registry,
      ready: async () => ({
        broker: broker.state === 'connected',
        database: await sql.run(nothing).then(
          () => true,
          () => false,
        ),
      }),
    },
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function endToEnd(metrics: Metrics): ConstructorParameters<typeof LivePayments>[1] {
  const seconds = metrics.histogram({
    name: 'kkm_payment_seconds',
    help: 'Time from accepted to the final event, of payments this process opened.',
    labels: ['status'],
  });
  return (value, payment) => seconds.observe({ status: payment.status }, value);
}

/** Behind these a payment goes on, so that nobody waits for them: two of three events, and reading one whole costs more than all else that is done with it. */
const passing: ReadonlySet<string | null> = new Set<CompletionEvent['type']>(['kkm.payment.accepted.v1', 'kkm.payment.started.v1']);

/** Waiting callers and streams hear of every change. The bodies are the ledger's own; their type tells what `data` is. */
async function hearEvents(broker: Broker, ears: { readonly live: LivePayments; readonly streamHub: StreamHub }): Promise<void> {
  await broker.listen([{ exchange: exchanges.events, routingKey: '#' }], ({ body, type }) => {
    if (passing.has(type)) return ears.streamHub.hint();
    const event = completionEventSchema.safeParse(body);
    if (!event.success) return;
    if ('attempts' in event.data.data) ears.live.heard(event.data.data);
    ears.streamHub.hint();
  });
}
