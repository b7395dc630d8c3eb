import { exchanges, exchangeTable, queues, queueTable } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import { newId, permitTimes, Unavailable } from '@kkm/core';
import type { AttemptResult, ControlHint, PaymentCommand } from '@kkm/core';
import {
  CancelPayment,
  CloseEnded,
  ClosePayment,
  DecideLateMoney,
  GrantPermit,
  Heartbeat,
  LeaseTerminal,
  OpenPayment,
  ReadPayment,
  ReadTerminalKnowledge,
  ReadTerminalStanding,
  EndBaseline,
  RecordBaseline,
  RecordResult,
  RedoPayment,
  RefundPayment,
  SendErrands,
  SweepExpired,
  SwitchPayment,
  errandTimes,
  ReplayPayment,
  ResolvePayment,
} from '@kkm/flow/ledger';
import type { ErrandPublisher, LedgerStore, LedgerSurroundings, QrStore, SbpBanks } from '@kkm/flow/ledger';
import { noBanks } from '@kkm/flow/testing';
import type { MemoryLedgerStore } from '@kkm/flow/testing';
import type { Broker } from '@kkm/messaging';
import type { Auditor } from './auditor';
import type { Defect } from './defects';
import type { Seeded } from './seeded';
import { sbpOf } from './sim-ledger-sbp';
import type { LedgerSbp } from './sim-ledger-sbp';
import type { SimProcess } from './sim-process';
import { banksOf } from './sim-sbp-bank';
import { returnDoor } from './sim-returns';
import type { ReturnDoor } from './sim-returns';

const choreMs = 500;
const watchMs = 400;
const closeMs = 5_000;

/** A day of the simulation: so long after its last change a payment is closed by itself. */
const closeAfterMs = 120_000;
const prefetch = 100;

/** What a ledger runs on. */
export interface LedgerParts {
  readonly store: MemoryLedgerStore;
  readonly auditor: Auditor;
  readonly random: Seeded;
  readonly defect: Defect;
  /** Whether the database can be had. */
  readonly databaseIsUp: () => boolean;
  /** Null where nobody pays by SBP. */
  readonly sbp: LedgerSbp | null;
  /** Chores come no more often than so. */
  readonly paceMs: () => number;
}

type Handlers = { readonly [Method in keyof LedgerCalls]?: (request: LedgerCalls[Method]['request']) => Promise<unknown> };

/** Starts a ledger: the real use cases behind the queues. */
export async function startLedger(process: SimProcess, parts: LedgerParts): Promise<ReturnDoor> {
  const broker = await process.connect('kkm');
  await broker.declare(exchangeTable, queueTable);
  const store = storeOf(process, parts);
  const around: LedgerSurroundings = {
    nowMs: () => process.clock.nowMs(),
    newId: (prefix) => newId(prefix, process.clock.nowMs(), parts.random.bytes),
    times: permitTimes,
  };
  const banks = banksFor(process, parts);
  const sbp = parts.sbp && sbpOf({ store, qrs: qrsOf(process, parts), banks, around, broker, audit: parts.sbp.audit, defect: parts.defect });
  const handlers = { ...handlersOf(store, { around, banks, auditor: parts.auditor }), ...sbp?.handlers };
  await broker.serve(queues.ledgerRpc, { prefetch }, (method, request) => {
    const handle = (handlers as Readonly<Record<string, ((asked: unknown) => Promise<unknown>) | undefined>>)[method];
    return handle ? handle(request) : Promise.reject(new Error(`no method ${method}`));
  });
  const recording = new RecordResult(store, around);
  await broker.consume(queues.ledgerResults, { prefetch }, async ({ body, userId }) => {
    const result = body as AttemptResult;
    if (userId !== 'kkm' && userId !== `site-${result.siteId}`) return { park: 'auth.forbidden' };
    const verdict = await recording.execute(result);
    if (verdict.kind === 'orphan') return { park: 'attempt.unknown' };
    return verdict.kind === 'drop' && verdict.why === 'no-permit' ? { park: 'result.without_permit' } : 'done';
  });
  const [sweep, close] = [new SweepExpired(store, around), new CloseEnded(store, around)];
  const forEver = (everyMs: number, chore: () => Promise<unknown>): void => void repeat(process, () => Math.max(everyMs, parts.paceMs()), chore);
  forEver(choreMs, () => sweep.execute());
  const errands = new SendErrands(store, errandsOver(broker), { nowMs: around.nowMs, errandTimes });
  forEver(choreMs, () => errands.execute());
  forEver(closeMs, () => close.execute(closeAfterMs));
  const deciding = new DecideLateMoney(store, around);
  forEver(choreMs, () => deciding.execute());
  if (sbp) forEver(watchMs, () => sbp.watch());
  if (sbp) forEver(choreMs, () => sbp.refund());
  return returnDoor(store, around);
}

function handlersOf(
  store: LedgerStore,
  { around, banks, auditor }: { readonly around: LedgerSurroundings; readonly banks: SbpBanks; readonly auditor: Auditor },
): Handlers {
  const permitting = new GrantPermit(store, around);
  return {
    'payments.open': (request) => new OpenPayment(store, around, banks).execute(request),
    'payments.redo': (request) => new RedoPayment(store, around, banks).execute(request),
    'payments.replay': (request) => new ReplayPayment(store).execute(request),
    'payments.cancel': (request) => new CancelPayment(store, around).execute(request),
    'payments.refund': (request) => new RefundPayment(store, around).execute(request),
    'payments.switch': (request) => new SwitchPayment(store, around, banks).execute(request),
    'payments.resolve': (request) => new ResolvePayment(store, around).execute(request),
    'payments.close': (request) => new ClosePayment(store, around).execute(request),
    'payments.read': (request) => new ReadPayment(store).execute(request),
    'terminals.standing': (request) => new ReadTerminalStanding(store).execute(request),
    'worker.lease': (request) => new LeaseTerminal(store, around).execute(request),
    'worker.heartbeat': (request) => new Heartbeat(store, around).execute(request),
    'worker.baseline': (request) => new RecordBaseline(store, around).execute(request),
    'worker.baseline-ends': (request) => new EndBaseline(store).execute(request),
    'worker.knowledge': (request) => new ReadTerminalKnowledge(store).execute(request),
    'worker.permit': async (request) => {
      auditor.flights.permitAsked(request);
      const answer = await permitting.execute(request);
      if (answer.kind !== 'granted') auditor.flights.permitRefused(request);
      return answer;
    },
  };
}

function errandsOver(broker: Broker): ErrandPublisher {
  const routingKey = (command: PaymentCommand): string => `${command.siteId}.${command.terminalId}`;
  return {
    run: (command) => broker.publish({ exchange: exchanges.commands, routingKey: routingKey(command), body: command, messageId: command.attemptId }),
    recover: (command, expiresMs) => {
      const body: ControlHint = { kind: 'recover', command };
      broker.hint({ exchange: exchanges.control, routingKey: routingKey(command), body, expiresMs });
    },
  };
}

async function repeat(process: SimProcess, everyMs: () => number, chore: () => Promise<unknown>): Promise<void> {
  for (;;) {
    await process.sleep(everyMs());
    await chore().catch((error: unknown) => {
      if (!(error instanceof Unavailable)) throw error;
    });
  }
}

/** Every use of the database takes time, and fails while it is away. */
function reach<T>(process: SimProcess, { databaseIsUp }: LedgerParts, work: () => Promise<T>): Promise<T> {
  return process.through(() => {
    if (!databaseIsUp()) throw new Unavailable('ledger.unavailable');
    return work();
  });
}

function banksFor(process: SimProcess, { sbp, defect }: LedgerParts): SbpBanks {
  const banks = sbp ? banksOf(process, sbp.line) : noBanks;
  return defect.banks?.(banks) ?? banks;
}

function qrsOf(process: SimProcess, parts: LedgerParts): QrStore {
  const { store, defect } = parts;
  const used = defect.qrs?.(store) ?? store;
  return {
    dueQrs: (nowMs, claim) => reach(process, parts, () => used.dueQrs(nowMs, claim)),
    dueBankReturns: (nowMs, claim) => reach(process, parts, () => used.dueBankReturns(nowMs, claim)),
  };
}

/** The shared store as this process reaches it, audited when it wrote. */
function storeOf(process: SimProcess, parts: LedgerParts): LedgerStore {
  const { store, auditor, defect } = parts;
  const audited: LedgerStore = {
    open: async (opening) => {
      const answer = await store.open(opening);
      if (answer.kind === 'opened') auditor.opened(opening.record, opening.key.key);
      return answer;
    },
    save: async (change) => {
      const leaseUntilMs = store.books.permits.get(change.permit?.attemptId ?? '')?.leaseUntilMs ?? null;
      const answer = await store.save(change);
      if (answer === 'saved') auditor.saved(change, { leaseUntilMs });
      return answer;
    },
    takeLease: async (lease) => {
      const taken = await store.takeLease(lease);
      if (taken) auditor.leased(lease);
      return taken;
    },
    keyUse: (siteId, key) => store.keyUse(siteId, key),
    payment: (paymentId) => store.payment(paymentId),
    newestOfOrder: (siteId, orderId) => store.newestOfOrder(siteId, orderId),
    attempt: (attemptId, resultId) => store.attempt(attemptId, resultId),
    permitFacts: (attemptId) => store.permitFacts(attemptId),
    terminal: (siteId, terminalId) => store.terminal(siteId, terminalId),
    heartbeat: (request, times) => store.heartbeat(request, times),
    workersSeen: (siteId, sinceMs) => store.workersSeen(siteId, sinceMs),
    list: (filter) => store.list(filter),
    feed: (ask) => store.feed(ask),
    feedEnd: () => store.feedEnd(),
    expiredPayments: (nowMs, limit) => store.expiredPayments(nowMs, limit),
    paymentsToClose: (untouchedSinceMs, limit) => store.paymentsToClose(untouchedSinceMs, limit),
    evidenceOf: (paymentId) => store.evidenceOf(paymentId),
    chargesOf: (paymentId) => store.chargesOf(paymentId),
    paymentsToDecide: (nowMs, limit) => store.paymentsToDecide(nowMs, limit),
    keepBaseline: (request, nowMs) => store.keepBaseline(request, nowMs),
    endBaseline: (request) => store.endBaseline(request),
    knowledge: (request) => store.knowledge(request),
    dueErrands: (nowMs, times) => store.dueErrands(nowMs, times),
    noteAnsweredInVain: (attemptId) => store.noteAnsweredInVain(attemptId),
    announce: (event) => store.announce(event),
    keepOrphan: (result) => store.keepOrphan(result),
  };
  const used = defect.store?.(audited) ?? audited;
  return new Proxy(used, {
    get: (target, name: keyof LedgerStore) => {
      const method = target[name] as (...given: readonly unknown[]) => Promise<unknown>;
      return (...given: readonly unknown[]) => reach(process, parts, () => method(...given));
    },
  });
}
