import { Rejected } from '@kkm/core';
import type {
  AttemptResult,
  BaselineAnswer,
  BaselineRequest,
  EndBaselineAnswer,
  EndBaselineRequest,
  HeartbeatRequest,
  KeptEvidence,
  KnowledgeRequest,
  SiteScope,
  TerminalKnowledge,
} from '@kkm/core';
import type { Change, EventWrite } from '../ledger/change';
import type { ChargeRecord } from '../ledger/charges';
import type {
  FeedPage,
  FoundAttempt,
  HeartbeatOutcome,
  KeyUse,
  LedgerStore,
  OpenAnswer,
  Opening,
  OrderConflict,
  PaymentFilter,
  SaveAnswer,
  TerminalRecord,
  WorkerSeen,
} from '../ledger/ledger-store';
import type { PaymentRecord } from '../ledger/records';
import type { Errand, ErrandTimes } from '../ledger/errands';
import type { DueClaim, DueQr, GrowingClaim, QrStore } from '../ledger/sbp/qr-store';
import { MemoryLedgerBooks } from './memory-ledger-books';
import { MemoryRecovery } from './memory-recovery';
import { RuleBroken } from './memory-table';
import { fitsFilter } from './payment-filter';
import type { SchemaRules } from './schema-rules';

/** How a store in memory is set up. */
export interface MemoryLedgerStoreOptions {
  /** Read from the migrations by `readSchemaRules`. */
  readonly rules: SchemaRules;
  /** What passes between the moment a statement sees the database and the moment it writes; others may write meanwhile. */
  readonly betweenReadAndWrite?: () => Promise<void>;
}

const orderConflicts: Readonly<Record<string, OrderConflict>> = { one_open_payment_per_order: 'order-busy', one_charge_per_order_and_amount: 'order-charged' };

const openTriesMax = 5;

type HeartbeatTimes = Parameters<LedgerStore['heartbeat']>[1];

/** The book of record in memory: compares and sets as the real one does, and refuses what the schema's own rules refuse. Passes `ledgerStoreConformance`. */
export class MemoryLedgerStore implements LedgerStore, QrStore {
  /** What is written, for whoever checks it. */
  readonly books: MemoryLedgerBooks;
  /** Results whose attempt is unknown, by result id. */
  readonly orphans = new Map<string, AttemptResult>();
  /** What is known of terminals, and whom to send. */
  readonly recovery: MemoryRecovery;
  private readonly workers = new Map<string, { seenMs: number; leaving: boolean }>();

  constructor(private readonly options: MemoryLedgerStoreOptions) {
    this.books = new MemoryLedgerBooks(options.rules);
    this.recovery = new MemoryRecovery(this.books);
  }

  async open(opening: Opening): Promise<OpenAnswer> {
    const { record, key } = opening;
    for (let tries = 0; tries < openTriesMax; tries += 1) {
      const conflict = this.books.conflictOf(record);
      const used = this.books.keys.get(`${record.shown.siteId}/${key.key}`);
      await this.options.betweenReadAndWrite?.();
      if (used) return { kind: 'key-used', use: used };
      if (conflict) return { kind: conflict };
      const refused = raced(() => this.books.insert(opening));
      if (refused === null) return { kind: 'opened' };
      if (refused !== 'stale') return { kind: refused };
    }
    throw new RangeError('a key was used by nobody who can be seen');
  }

  async save(change: Change): Promise<SaveAnswer> {
    await this.options.betweenReadAndWrite?.();
    const { next, lease } = change;
    const stored = this.books.heads.get(next.shown.id);
    const place = lease ? `${lease.siteId}/${lease.terminalId}` : '';
    const held = this.books.leases.get(place);
    if (lease && held?.version !== lease.version) return 'stale';
    if (stored?.shown.sequence !== change.expectedSequence) return 'stale';
    const refused = raced(() => this.books.apply(change));
    if (refused !== null) return refused;
    if (held) this.books.leases.set(place, { ...held, version: held.version + 1 });
    return 'saved';
  }

  async keyUse(siteId: string, key: string): Promise<KeyUse | null> {
    return Promise.resolve(this.books.keys.get(`${siteId}/${key}`) ?? null);
  }

  async payment(paymentId: string): Promise<PaymentRecord | null> {
    return Promise.resolve(this.books.record(paymentId));
  }

  async newestOfOrder(siteId: string, orderId: string): Promise<PaymentRecord | null> {
    const found = this.select((record) => record.shown.siteId === siteId && record.shown.orderId === orderId, Infinity);
    return Promise.resolve(found.find(({ shown }) => shown.purpose === 'sale') ?? found[0] ?? null);
  }

  async attempt(attemptId: string, resultId: string | null): Promise<FoundAttempt | null> {
    const record = this.recordOf(attemptId);
    return Promise.resolve(record && { record, recorded: resultId !== null && this.books.inbox.has(resultId) });
  }

  async permitFacts(attemptId: string): Promise<{ readonly record: PaymentRecord; readonly terminal: TerminalRecord } | null> {
    const record = this.recordOf(attemptId);
    const terminalId = this.books.attempts.get(attemptId)?.shown.terminalId;
    if (!record || terminalId === undefined) return null;
    return { record, terminal: await this.terminal(record.shown.siteId, terminalId) };
  }

  async terminal(siteId: string, terminalId: string): Promise<TerminalRecord> {
    const place = `${siteId}/${terminalId}`;
    const lease = this.books.leases.get(place) ?? null;
    return Promise.resolve({ lease, occupant: this.books.occupant(siteId, terminalId), baselined: this.recovery.baselines.has(place) });
  }

  async takeLease(lease: Parameters<LedgerStore['takeLease']>[0]): Promise<boolean> {
    await this.options.betweenReadAndWrite?.();
    const place = `${lease.siteId}/${lease.terminalId}`;
    const held = this.books.leases.get(place) ?? null;
    const drivenUntilMs = this.books.occupant(lease.siteId, lease.terminalId)?.leaseUntilMs ?? null;
    if ((held?.version ?? null) !== lease.version || drivenUntilMs !== lease.drivenUntilMs) return false;
    this.books.leases.set(place, { workerId: lease.workerId, version: (held?.version ?? 0) + 1, takenAtMs: lease.nowMs });
    return true;
  }

  async heartbeat(request: HeartbeatRequest, times: HeartbeatTimes): Promise<HeartbeatOutcome> {
    await this.options.betweenReadAndWrite?.();
    const { siteId, workerId, leaving } = request;
    this.workers.set(`${siteId}/${workerId}`, { seenMs: times.nowMs, leaving });
    if (leaving && request.terminalIds.length === 0 && request.driving.length === 0) this.workers.delete(`${siteId}/${workerId}`);
    const members = [...this.workers].filter(([id, worker]) => id.startsWith(`${siteId}/`) && worker.seenMs >= times.memberSinceMs && !worker.leaving);
    return {
      memberIds: members.map(([id]) => id.slice(siteId.length + 1)).sort((a, b) => (a < b ? -1 : 1)),
      heldTerminalIds: request.terminalIds.filter((terminalId) => this.books.leases.get(`${siteId}/${terminalId}`)?.workerId === workerId),
      renewed: request.driving.flatMap((driven) => this.renew(siteId, driven, times)),
    };
  }

  workersSeen(siteId: string, sinceMs: number): Promise<readonly WorkerSeen[]> {
    const there = [...this.workers].filter(([id, { seenMs }]) => id.startsWith(`${siteId}/`) && seenMs >= sinceMs);
    return Promise.resolve(there.map(([id, { seenMs }]) => ({ workerId: id.slice(siteId.length + 1), seenMs })));
  }

  async list(filter: PaymentFilter): Promise<readonly PaymentRecord[]> {
    const { limit, ...wanted } = filter;
    const fits = (record: PaymentRecord): boolean => fitsFilter(record, this.books.chargesOf(record.shown.id), wanted);
    return Promise.resolve(this.select(fits, limit));
  }

  async feed(ask: { readonly scope: SiteScope; readonly after: string | null; readonly limit: number }): Promise<FeedPage> {
    const from = ask.after === null ? 0 : Number(/^1-0-(\d{1,15})$/.exec(ask.after)?.[1] ?? NaN);
    if (Number.isNaN(from)) throw new Rejected('request.invalid', { detail: 'The cursor is none that the feed gave.' });
    const seen = this.books.events.map(({ siteId, event }, n) => ({ siteId, event, place: n + 1 })).slice(from);
    const page = seen.filter(({ siteId }) => (siteId === null ? ask.scope === null : sees(ask.scope, siteId))).slice(0, ask.limit);
    return Promise.resolve({ events: page.map(({ event }) => event), next: `1-0-${page.at(-1)?.place ?? from}` });
  }

  async feedEnd(): Promise<string> {
    return Promise.resolve(`1-0-${this.books.events.length}`);
  }

  async expiredPayments(nowMs: number, limit: number): Promise<readonly string[]> {
    const due = [...this.books.attempts.values()].filter(({ shown, expiresAtMs }) => shown.status === 'queued' && expiresAtMs <= nowMs);
    due.sort((a, b) => a.expiresAtMs - b.expiresAtMs);
    return Promise.resolve(due.slice(0, limit).map(({ shown }) => this.books.paymentOf.get(shown.id) ?? ''));
  }

  async paymentsToClose(untouchedSinceMs: number, limit: number): Promise<readonly string[]> {
    const isEnded = (status: string): boolean => status !== 'pending' && status !== 'in_progress' && status !== 'in_doubt';
    const untouched = [...this.books.heads.values()].filter(
      ({ shown }) => shown.closedAt === null && isEnded(shown.status) && Date.parse(shown.updatedAt) <= untouchedSinceMs,
    );
    untouched.sort((a, b) => Date.parse(a.shown.updatedAt) - Date.parse(b.shown.updatedAt));
    return Promise.resolve(untouched.slice(0, limit).map(({ shown }) => shown.id));
  }

  async chargesOf(paymentId: string): Promise<readonly ChargeRecord[]> {
    return Promise.resolve(this.books.chargesOf(paymentId).map(({ paymentId: _paymentId, rowId: _rowId, ...charge }) => charge));
  }

  async paymentsToDecide(nowMs: number, limit: number): Promise<readonly string[]> {
    const due = [...this.books.heads.values()].filter(({ decideAtMs }) => decideAtMs !== null && decideAtMs <= nowMs);
    due.sort((a, b) => (a.decideAtMs ?? 0) - (b.decideAtMs ?? 0));
    return Promise.resolve(due.slice(0, limit).map(({ shown }) => shown.id));
  }

  async evidenceOf(paymentId: string): Promise<readonly KeptEvidence[]> {
    return Promise.resolve((this.books.attemptIds.get(paymentId) ?? []).toSorted().flatMap((attemptId) => this.books.evidence.of(attemptId)));
  }

  async announce(event: EventWrite): Promise<void> {
    await this.options.betweenReadAndWrite?.();
    this.books.tell([event]);
  }

  async keepOrphan(result: AttemptResult): Promise<void> {
    await this.options.betweenReadAndWrite?.();
    if (!this.orphans.has(result.resultId)) this.orphans.set(result.resultId, result);
  }

  async keepBaseline(request: BaselineRequest, nowMs: number): Promise<BaselineAnswer> {
    await this.options.betweenReadAndWrite?.();
    return this.recovery.keepBaseline(request, nowMs);
  }

  async endBaseline(request: EndBaselineRequest): Promise<EndBaselineAnswer> {
    await this.options.betweenReadAndWrite?.();
    return this.recovery.endBaseline(request);
  }

  async knowledge(request: KnowledgeRequest): Promise<TerminalKnowledge> {
    return Promise.resolve(this.recovery.knowledge(request));
  }

  async dueErrands(nowMs: number, times: ErrandTimes & { readonly limit: number }): Promise<readonly Errand[]> {
    await this.options.betweenReadAndWrite?.();
    return this.recovery.dueErrands(nowMs, times);
  }

  async dueQrs(nowMs: number, claim: DueClaim): Promise<readonly DueQr[]> {
    await this.options.betweenReadAndWrite?.();
    return this.books.qrs.due(nowMs, claim).map((attemptId) => this.named(attemptId));
  }

  async dueBankReturns(nowMs: number, claim: GrowingClaim): Promise<readonly DueQr[]> {
    await this.options.betweenReadAndWrite?.();
    return this.recovery.dueBankReturns(nowMs, claim).map((attemptId) => this.named(attemptId));
  }

  async noteAnsweredInVain(attemptId: string): Promise<void> {
    await this.options.betweenReadAndWrite?.();
    this.recovery.noteAnsweredInVain(attemptId);
  }

  private named(attemptId: string): DueQr {
    return { attemptId, paymentId: this.books.paymentOf.get(attemptId) ?? '' };
  }

  private recordOf(attemptId: string): PaymentRecord | null {
    const paymentId = this.books.paymentOf.get(attemptId);
    return paymentId === undefined ? null : this.books.record(paymentId);
  }

  private select(fits: (record: PaymentRecord) => boolean, limit: number): readonly PaymentRecord[] {
    const found = [...this.books.heads.keys()].flatMap((id) => this.books.record(id) ?? []).filter(fits);
    return found.sort((a, b) => (a.shown.id < b.shown.id ? 1 : -1)).slice(0, limit);
  }

  private renew(siteId: string, driven: HeartbeatRequest['driving'][number], { nowMs, leaseUntilMs }: HeartbeatTimes): HeartbeatOutcome['renewed'] {
    const record = this.recordOf(driven.attemptId);
    const permit = this.books.permits.get(driven.attemptId);
    const attempt = this.books.attempts.get(driven.attemptId);
    const status = attempt?.shown.status;
    // The lease of a display that has ended stays ended, whatever heartbeat was on its way.
    if (attempt?.moneyPath === 'bank_qr' && (permit?.leaseUntilMs ?? 0) <= nowMs) return [];
    if (permit?.nonce !== driven.nonce || record?.shown.siteId !== siteId || (status !== 'granted' && status !== 'unknown')) return [];
    this.books.permits.set(driven.attemptId, { ...permit, leaseUntilMs: Math.max(permit.leaseUntilMs, leaseUntilMs) });
    return [{ attemptId: driven.attemptId, cancelPending: record.shown.cancelRequested === 'pending' }];
  }
}

/** Runs a write; what a rule that refused it means, or null when it happened. */
function raced(write: () => void): 'stale' | OrderConflict | null {
  try {
    write();
    return null;
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    return orderConflicts[error.rule] ?? 'stale';
  }
}

function sees(scope: SiteScope, siteId: string): boolean {
  return scope === null || scope.includes(siteId);
}
