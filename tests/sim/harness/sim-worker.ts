import { exchanges, queues } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import { newId, terminalQueue, Unavailable } from '@kkm/core';
import type { AttemptResult, ControlHint, Conversation, PaymentCommand, TerminalSettings } from '@kkm/core';
import { driverNamed } from '@kkm/drivers';
import { Worker, workerTimes } from '@kkm/flow/worker';
import type { TerminalLinks, WorkerLedger, WorkerPorts, WorkerWatch } from '@kkm/flow/worker';
import { RemoteFault } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import type { Auditor } from './auditor';
import type { Defect } from './defects';
import type { Sender } from './flight-audit';
import type { Seeded } from './seeded';
import { SimJournal } from './sim-journal';
import type { Disk } from './sim-journal';
import type { SimProcess } from './sim-process';
import type { SimTerminal } from './sim-terminal';

/** The one site of the simulation. */
export const siteId = 'club-1';

const callTimeoutMs = 4_000;

/** What a worker runs on. */
export interface WorkerParts {
  readonly disk: Disk;
  readonly terminals: ReadonlyMap<string, SimTerminal>;
  readonly auditor: Auditor;
  readonly random: Seeded;
  readonly defect: Defect;
  readonly resultSent: (result: AttemptResult) => void;
}

const ignore = (): void => undefined;
const watch: WorkerWatch = {
  span: (_name, _command, work) => work(),
  queueWaited: ignore,
  terminalWorked: ignore,
  readFailed: ignore,
  finished: ignore,
  permitRefused: ignore,
  linked: ignore,
  note: ignore,
};

/** Starts a worker of the site: the real one, with the real driver behind it. */
export async function startWorker(process: SimProcess, parts: WorkerParts): Promise<void> {
  const broker = await process.connect(`site-${siteId}`);
  const workerId = newId('worker', process.clock.nowMs(), parts.random.bytes);
  const sender: Sender = { process, workerId, disk: parts.disk };
  parts.auditor.started(sender);
  const clock = { wallMs: () => process.clock.nowMs(), monotonicMs: () => process.clock.nowMs(), sleep: (ms: number) => process.sleep(ms) };
  let worker: Worker | null = null;
  const handle = (terminalId: string, command: PaymentCommand) => worker?.handle(terminalId, command) ?? Promise.resolve('retry' as const);
  const ports: WorkerPorts = {
    workerId,
    siteId,
    clock,
    ids: { draw: (prefix) => newId(prefix, process.clock.nowMs(), parts.random.bytes) },
    ledger: ledgerOver(broker),
    equipment: { ofSite: (request) => answered(broker.call(queues.gatewayRpc, 'equipment.of-site', request, { timeoutMs: callTimeoutMs })) },
    journal: new SimJournal(parts.disk, process),
    links: linksOf(process, sender, parts),
    queues: {
      subscribe: async (terminalId, kind) => {
        const name = terminalQueue(siteId, terminalId);
        const queue = kind === 'commands' ? name : `${name}.control`;
        if (!(await broker.expect(queue))) return null;
        if (kind === 'commands') return broker.consume(queue, { prefetch: 1 }, ({ body }) => handle(terminalId, body as PaymentCommand));
        return broker.consume(queue, { prefetch: 10 }, async ({ body }) => {
          await worker?.hint(body as ControlHint);
          return 'done';
        });
      },
    },
    results: {
      publish: (result) => {
        parts.resultSent(result);
        return broker.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body: result, messageId: result.resultId });
      },
    },
    requests: { take: () => Promise.resolve({ kind: 'gone' }), answered: () => Promise.resolve(null) },
    progress: { publish: ignore },
    watch,
    times: { ...workerTimes, settingsMs: 10_000, holdInDoubtMs: 20_000 },
  };
  worker = new Worker(parts.defect.worker?.(ports) ?? ports);
  await worker.start();
}

async function answered<A>(call: Promise<A>): Promise<A> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RemoteFault) throw new Unavailable('ledger.unavailable', { cause: error });
    throw error;
  }
}

function ledgerOver(broker: Broker): WorkerLedger {
  const call = <Method extends keyof LedgerCalls>(method: Method, request: LedgerCalls[Method]['request']) =>
    answered(broker.call<LedgerCalls[Method]['answer']>(queues.ledgerRpc, method, request, { timeoutMs: callTimeoutMs }));
  return {
    lease: (request) => call('worker.lease', request),
    permit: (request) => call('worker.permit', request),
    heartbeat: (request) => call('worker.heartbeat', request),
    baseline: (request) => call('worker.baseline', request),
    endBaseline: (request) => call('worker.baseline-ends', request),
    knowledge: (request) => call('worker.knowledge', request),
    showQr: (request) => call('worker.qr', request),
    standing: (terminal) => call('terminals.standing', terminal),
  };
}

function linksOf(process: SimProcess, sender: Sender, { terminals, auditor }: WorkerParts): TerminalLinks {
  return {
    open: async (settings: TerminalSettings) => {
      const terminal = terminals.get(settings.terminalId);
      if (!terminal) throw new Unavailable('terminal.unreachable');
      const driver = driverNamed(settings.driver);
      const timers = { set: (ms: number, fire: () => void) => process.clock.after(ms, fire) };
      const transport = await terminal.connect(process);
      const conversation = driver.converse({ transport, profile: driver.parseProfile(settings.profile), timers, log: ignore });
      return audited(conversation, settings.terminalId, { sender, auditor });
    },
    reference: (settings, attemptId) => driverNamed(settings.driver).reference(attemptId),
    qrShowSeconds: (settings) => driverNamed(settings.driver).parseProfile(settings.profile).qrShowSeconds,
    cardWaitMs: (settings) => driverNamed(settings.driver).parseProfile(settings.profile).cardWaitMs,
  };
}

/** Tells the auditor when the bytes of a sale or return leave and how its dialogue ends. */
function audited(conversation: Conversation, terminalId: string, { sender, auditor }: { readonly sender: Sender; readonly auditor: Auditor }): Conversation {
  return {
    closed: conversation.closed,
    abort: () => conversation.abort(),
    close: () => conversation.close(),
    run: async (request, hooks) => {
      if (!('amountMinor' in request)) return conversation.run(request, hooks);
      const attemptId = request.reference;
      const entry = sender.disk.entries.get(attemptId);
      const flight = { attemptId, terminalId, sender, asks: entry?.state === 'begun' ? entry.asks : 1 };
      let sent = false;
      const answer = await conversation.run(request, {
        ...hooks,
        onSent: () => {
          if (!sent) auditor.flights.sent(flight);
          sent = true;
          hooks.onSent();
        },
      });
      auditor.flights.answered(flight, answer.kind === 'outcome' && answer.readFailure);
      return answer;
    },
  };
}
