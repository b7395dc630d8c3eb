import { check, Unavailable } from '@kkm/core';
import type {
  AttemptResult,
  BaselineAnswer,
  BaselineRequest,
  EndBaselineAnswer,
  EndBaselineRequest,
  HeartbeatRequest,
  KeptEvidence,
  KnowledgeRequest,
  TerminalKnowledge,
} from '@kkm/core';
import type {
  Change,
  ChargeRecord,
  DueClaim,
  DueQr,
  Errand,
  ErrandTimes,
  EventWrite,
  FoundAttempt,
  FoundFacts,
  GrowingClaim,
  HeartbeatOutcome,
  KeyUse,
  LedgerStore,
  OpenAnswer,
  Opening,
  OrderConflict,
  PaymentFilter,
  PaymentRecord,
  QrStore,
  SaveAnswer,
  TerminalRecord,
  WorkerSeen,
} from '@kkm/flow/ledger';
import { isDatabaseLost, microBatch, sqlOf } from '@kkm/postgres';
import type { Sql } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { raceMeaning } from './constraints';
import { evidenceFrom, evidenceOfPayment } from './evidence-statements';
import type { EvidenceRow } from './evidence-statements';
import { readFeed, readFeedEnd } from './feed';
import type { FeedAsk } from './feed';
import { announce } from './feed-statements';
import { listPayments } from './list-payments';
import { openPayments } from './open-payments';
import { takeDueBankReturns, takeDueQrs } from './qr-store';
import { attemptReader, chargeFrom, paymentReader, permitFactsReader, terminalFrom } from './readers';
import { chargesOf, expiredPayments, keyUse, newestOfOrder, paymentsToClose, paymentsToDecide, terminalStanding } from './read-statements';
import type { ChargeRow, LeaseRow, OccupantRow } from './read-statements';
import { hasRows, recordFrom } from './record.row';
import type { RecordRow } from './record.row';
import { eraseBaseline, readKnowledge, takeErrands, writeBaseline } from './recovery-store';
import { noteAnsweredInVain } from './recovery-statements';
import { saveStatement } from './save-statement';
import type { TracedChange } from './save-statement';
import { keepOrphan, takeFirstLease, takeLease } from './worker-statements';
import { readWorkersSeen, writeHeartbeat } from './worker-store';
import { eventRows } from './written-rows';

/** What the store is built with. */
export interface PostgresLedgerStoreOptions {
  readonly dataSource: DataSource;
  /** Called after a commit that put events into the outbox. */
  readonly onEvents?: () => void;
  /** W3C trace context of the work at hand, stored with events so that the relay goes on in the same trace. */
  readonly traceparent?: () => string | null;
}

/** How many payments one statement reads or writes at most. */
const batchMax = 64;

/** How often an opening is run again because its key was used by a transaction it could not see yet. */
const openTriesMax = 5;

/** The ledger's store on Postgres. Concurrent calls share statements: one transaction per message is what costs most (see `microBatch`). */
export class PostgresLedgerStore implements LedgerStore, QrStore {
  private readonly sql: Sql;
  private readonly openOne;
  private readonly saveOne;
  private readonly readPayment;
  private readonly readAttempt;
  private readonly readPermitFacts;

  constructor(private readonly options: PostgresLedgerStoreOptions) {
    const sql = sqlOf(options.dataSource);
    this.sql = sql;
    const splitOn = (error: unknown): boolean => !(error instanceof Unavailable) && !isDatabaseLost(error);
    const shared = { itemsMax: batchMax, lanes: 2, splitOn };
    this.openOne = microBatch({
      ...shared,
      run: (openings: readonly (Opening & { readonly traceparent: string | null })[]) => openPayments(sql, openings),
      keysOf: ({ record, key }) => [`${record.shown.siteId}/${key.key}`],
    });
    this.saveOne = microBatch({ ...shared, run: (changes: readonly TracedChange[]) => saveChanges(sql, changes), keysOf: ({ change }) => keysOf(change) });
    this.readPayment = microBatch({ ...shared, run: paymentReader(sql) });
    this.readAttempt = microBatch({ ...shared, run: attemptReader(sql) });
    this.readPermitFacts = microBatch({ ...shared, run: permitFactsReader(sql) });
  }

  async open(opening: Opening): Promise<OpenAnswer> {
    for (let tries = 0; tries < openTriesMax; tries += 1) {
      const answer = await this.raced(() => this.openOne({ ...opening, traceparent: this.traceparent() }));
      if (answer === 'stale') continue;
      if (typeof answer === 'string') return { kind: answer };
      if (answer.kind === 'opened') this.options.onEvents?.();
      return answer;
    }
    throw new Unavailable('ledger.unavailable', { detail: 'too many requests with one key' });
  }

  async save(change: Change): Promise<SaveAnswer> {
    const answer = await this.raced(() => this.saveOne({ change, traceparent: this.traceparent() }));
    if (answer === 'saved' && change.events.length > 0) this.options.onEvents?.();
    return answer;
  }

  async keyUse(siteId: string, key: string): Promise<KeyUse | null> {
    const [row] = await this.sql.rows<{ fingerprint: string; payment_id: string; attempt_id: string }>(keyUse, [siteId, key]);
    return row ? { fingerprint: row.fingerprint, paymentId: row.payment_id, attemptId: row.attempt_id } : null;
  }

  async payment(paymentId: string): Promise<PaymentRecord | null> {
    return this.readPayment(paymentId);
  }

  async newestOfOrder(siteId: string, orderId: string): Promise<PaymentRecord | null> {
    const rows = await this.sql.rows<RecordRow>(newestOfOrder, [siteId, orderId]);
    return hasRows(rows) ? recordFrom(rows) : null;
  }

  async attempt(attemptId: string, resultId: string | null): Promise<FoundAttempt | null> {
    return this.readAttempt({ attemptId, resultId });
  }

  async permitFacts(attemptId: string): Promise<FoundFacts | null> {
    return this.readPermitFacts(attemptId);
  }

  async terminal(siteId: string, terminalId: string): Promise<TerminalRecord> {
    const [row] = await this.sql.rows<LeaseRow & OccupantRow>(terminalStanding, [siteId, terminalId]);
    check(row, 'a terminal’s standing is one row');
    return terminalFrom(row);
  }

  async takeLease(lease: {
    readonly siteId: string;
    readonly terminalId: string;
    readonly workerId: string;
    readonly version: number | null;
    readonly drivenUntilMs: number | null;
    readonly nowMs: number;
  }): Promise<boolean> {
    const values = [lease.siteId, lease.terminalId, lease.workerId, new Date(lease.nowMs)];
    const taken =
      lease.version === null
        ? await this.sql.run(takeFirstLease, values)
        : await this.sql.run(takeLease, [...values, lease.version, dateOf(lease.drivenUntilMs)]);
    return taken === 1;
  }

  async heartbeat(
    request: HeartbeatRequest,
    times: { readonly nowMs: number; readonly leaseUntilMs: number; readonly memberSinceMs: number },
  ): Promise<HeartbeatOutcome> {
    return writeHeartbeat(this.sql, request, times);
  }

  async workersSeen(siteId: string, sinceMs: number): Promise<readonly WorkerSeen[]> {
    return readWorkersSeen(this.sql, siteId, sinceMs);
  }

  async list(filter: PaymentFilter): Promise<readonly PaymentRecord[]> {
    return listPayments(this.sql, filter);
  }

  async feed(ask: FeedAsk) {
    return readFeed(this.sql, ask);
  }

  async feedEnd(): Promise<string> {
    return readFeedEnd(this.sql);
  }

  async expiredPayments(nowMs: number, limit: number): Promise<readonly string[]> {
    const rows = await this.sql.rows<{ payment_id: string }>(expiredPayments, [new Date(nowMs), limit]);
    return rows.map((row) => row.payment_id);
  }

  async paymentsToClose(untouchedSinceMs: number, limit: number): Promise<readonly string[]> {
    const rows = await this.sql.rows<{ id: string }>(paymentsToClose, [new Date(untouchedSinceMs), limit]);
    return rows.map((row) => row.id);
  }

  async chargesOf(paymentId: string): Promise<readonly ChargeRecord[]> {
    return (await this.sql.rows<ChargeRow>(chargesOf, [paymentId])).map(chargeFrom);
  }

  async paymentsToDecide(nowMs: number, limit: number): Promise<readonly string[]> {
    const rows = await this.sql.rows<{ id: string }>(paymentsToDecide, [new Date(nowMs), limit]);
    return rows.map((row) => row.id);
  }

  async evidenceOf(paymentId: string): Promise<readonly KeptEvidence[]> {
    return (await this.sql.rows<EvidenceRow>(evidenceOfPayment, [paymentId])).map(evidenceFrom);
  }

  async announce(event: EventWrite): Promise<void> {
    await this.sql.run(announce, [JSON.stringify(eventRows(null, [event], this.traceparent()))]);
    this.options.onEvents?.();
  }

  async keepOrphan(result: AttemptResult): Promise<void> {
    await this.sql.run(keepOrphan, [result.resultId, result.attemptId, result.siteId, JSON.stringify(result)]);
  }

  async keepBaseline(request: BaselineRequest, nowMs: number): Promise<BaselineAnswer> {
    return writeBaseline(this.sql, request, nowMs);
  }

  async endBaseline(request: EndBaselineRequest): Promise<EndBaselineAnswer> {
    return eraseBaseline(this.sql, request);
  }

  async knowledge(request: KnowledgeRequest): Promise<TerminalKnowledge> {
    return readKnowledge(this.sql, request);
  }

  async dueErrands(nowMs: number, times: ErrandTimes & { readonly limit: number }): Promise<readonly Errand[]> {
    return takeErrands(this.sql, nowMs, times);
  }

  async dueQrs(nowMs: number, claim: DueClaim): Promise<readonly DueQr[]> {
    return takeDueQrs(this.sql, nowMs, claim);
  }

  async dueBankReturns(nowMs: number, claim: GrowingClaim): Promise<readonly DueQr[]> {
    return takeDueBankReturns(this.sql, nowMs, claim);
  }

  async noteAnsweredInVain(attemptId: string): Promise<void> {
    await this.sql.run(noteAnsweredInVain, [attemptId, new Date()]);
  }

  private traceparent(): string | null {
    return this.options.traceparent?.() ?? null;
  }

  /** A constraint that refused a write says who was faster. */
  private async raced<T>(write: () => Promise<T>): Promise<T | 'stale' | OrderConflict> {
    try {
      return await write();
    } catch (error) {
      const meaning = raceMeaning(error);
      if (meaning === null) throw error;
      return meaning;
    }
  }
}

/** What two changes of one batch must not share. */
function keysOf({ next, lease }: Change): readonly string[] {
  return lease ? [next.shown.id, `${lease.siteId}/${lease.terminalId}`] : [next.shown.id];
}

async function saveChanges(sql: Sql, changes: readonly TracedChange[]): Promise<readonly SaveAnswer[]> {
  // Rows are locked in the order they are given: two batches that meet in the same payments wait for each other instead of for ever.
  const sorted = [...changes].sort((one, other) => (one.change.next.shown.id < other.change.next.shown.id ? -1 : 1));
  const { statement, values } = saveStatement(sorted);
  const saved = new Set((await sql.rows<{ id: string }>(statement, values)).map((row) => row.id));
  return changes.map(({ change }) => (saved.has(change.next.shown.id) ? 'saved' : 'stale'));
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
