import { check } from '@kkm/core';
import type { CompletionEvent, PermittedAttempt } from '@kkm/core';
import type { Change, ChargeWrite, DispositionWrite, EventWrite, PermitWrite, PostingWrite, ReturnWrite } from '../ledger/change';
import { leftMinor } from '../ledger/charges';
import type { ChargeRecord } from '../ledger/charges';
import type { KeyUse, LeaseRecord, Opening } from '../ledger/ledger-store';
import { permittedAttempt } from '../ledger/records';
import type { AttemptRecord, PaymentRecord, PermitRecord } from '../ledger/records';
import type { ResolutionRecord, ResolutionWrite } from '../ledger/resolution';
import { MemoryEvidence } from './memory-evidence';
import { attemptColumns, chargeColumns, paymentColumns, returnColumns } from './memory-ledger-rows';
import { MemoryQrs } from './memory-qrs';
import { MemoryTable, RuleBroken } from './memory-table';
import type { SchemaRules } from './schema-rules';

/** A charge of a payment, under the id of its row. */
export interface BookedCharge extends ChargeRecord {
  readonly paymentId: string;
  readonly rowId: string;
}

type Head = Omit<PaymentRecord, 'attempts'>;

const tableNames = ['payment', 'attempt', 'permit', 'idempotency', 'inbox', 'charge', 'charge_return', 'resolution'] as const;

/** The tables of the ledger in memory. A write happens whole or not at all; the schema's rules refuse it by throwing {@link RuleBroken}. */
export class MemoryLedgerBooks {
  readonly heads = new Map<string, Head>();
  readonly attemptIds = new Map<string, string[]>();
  readonly attempts = new Map<string, AttemptRecord>();
  readonly paymentOf = new Map<string, string>();
  readonly permits = new Map<string, PermitRecord>();
  readonly resolutions = new Map<string, ResolutionRecord>();
  readonly qrs = new MemoryQrs();
  readonly keys = new Map<string, KeyUse>();
  readonly inbox = new Set<string>();
  /** By the result that told of it. */
  readonly charges = new Map<string, BookedCharge>();
  readonly postings: PostingWrite[] = [];
  readonly evidence = new MemoryEvidence();
  readonly events: { readonly siteId: string | null; readonly event: CompletionEvent }[] = [];
  readonly leases = new Map<string, LeaseRecord>();
  private readonly tables;
  private readonly occupants = new Map<string, Set<string>>();

  constructor(private readonly rules: SchemaRules) {
    this.tables = Object.fromEntries(tableNames.map((name) => [name, new MemoryTable(rules, name)])) as Record<(typeof tableNames)[number], MemoryTable>;
  }

  /** The payment with its attempts and their permits; null when there is none. */
  record(paymentId: string): PaymentRecord | null {
    const head = this.heads.get(paymentId);
    if (!head) return null;
    const attempts = (this.attemptIds.get(paymentId) ?? []).map((id) => this.attempt(id)).sort((a, b) => a.shown.number - b.shown.number);
    return { ...head, attempts };
  }

  /** The attempt that holds a terminal, see `TerminalRecord`; null when none does. */
  occupant(siteId: string, terminalId: string): PermittedAttempt | null {
    const there = [...(this.occupants.get(`${siteId}/${terminalId}`) ?? [])].map((id) => this.attempt(id));
    const leaseOf = ({ permit }: AttemptRecord): number => permit?.leaseUntilMs ?? 0;
    const through = there.find(({ moneyPath }) => moneyPath === 'terminal') ?? there.sort((a, b) => leaseOf(b) - leaseOf(a))[0];
    return through ? permittedAttempt(through) : null;
  }

  /** Whether an exclusive payment of this order and amount may not be opened, as a statement sees it that began now. */
  conflictOf({ shown, orderExclusive }: PaymentRecord): 'order-busy' | 'order-charged' | null {
    if (!orderExclusive) return null;
    let conflict: 'order-busy' | 'order-charged' | null = null;
    for (const { shown: other, surfacedUndecided } of this.heads.values()) {
      if (other.siteId !== shown.siteId || other.orderId !== shown.orderId || other.purpose === 'test') continue;
      if (other.status === 'pending' || other.status === 'in_progress' || other.status === 'in_doubt' || surfacedUndecided > 0) return 'order-busy';
      if (other.status === 'succeeded' && other.refundedAmount < other.chargedAmount && other.amount === shown.amount) conflict = 'order-charged';
    }
    return conflict;
  }

  /** Writes a new payment. */
  insert({ record, key, events }: Opening): void {
    const { attempts, ...head } = record;
    const [first] = attempts;
    check(first, 'a payment has an attempt');
    const place = `${head.shown.siteId}/${key.key}`;
    this.atomically((undo) => {
      this.put('idempotency', { id: this.freeId(place), row: { site_id: head.shown.siteId, key: key.key } }, undo);
      this.put('payment', { id: head.shown.id, row: paymentColumns(head) }, undo);
      for (const attempt of attempts) this.put('attempt', { id: attempt.shown.id, row: attemptColumns(record, attempt) }, undo);
    });
    this.keys.set(place, { fingerprint: key.fingerprint, paymentId: head.shown.id, attemptId: first.shown.id });
    this.heads.set(head.shown.id, head);
    for (const attempt of attempts) this.keepAttempt(head, attempt);
    this.tell(events);
  }

  /** Writes a change whose comparisons hold. */
  apply(change: Change): void {
    const { next, changed, added, key, resultId, permit, resolution } = change;
    const paymentId = next.shown.id;
    this.atomically((undo) => {
      this.put('payment', { id: paymentId, row: paymentColumns(next) }, undo);
      for (const attempt of changed) this.refuseRewritten(attempt.shown.id);
      for (const attempt of [...changed, ...(added ? [added] : [])]) this.put('attempt', { id: attempt.shown.id, row: attemptColumns(next, attempt) }, undo);
      if (change.qr) this.qrs.check(change.qr);
      if (permit) this.checkPermit(permit, undo);
      if (key) this.put('idempotency', { id: this.freeId(`${key.siteId}/${key.key}`), row: { site_id: key.siteId, key: key.key } }, undo);
      if (resultId !== null) this.put('inbox', { id: this.freeId(resultId), row: { result_id: resultId } }, undo);
      if (resolution) this.checkResolution(resolution, undo);
      this.moveMoney(change, undo);
      this.refuseUnbalanced(change.postings);
    });
    const { attempts: _attempts, ...head } = next;
    this.heads.set(paymentId, head);
    for (const attempt of changed) this.keepAttempt(head, attempt);
    if (added) this.keepAttempt(head, added);
    if (change.qr) this.qrs.write(change.qr);
    if (permit) this.writePermit(permit);
    if (key) this.keys.set(`${key.siteId}/${key.key}`, { fingerprint: key.fingerprint, paymentId, attemptId: key.attemptId });
    if (resultId !== null) this.inbox.add(resultId);
    this.postings.push(...change.postings);
    if (change.evidence) this.evidence.keep(change.evidence);
    if (resolution) this.writeResolution(resolution);
    this.tell(change.events);
  }

  /** The charges of a payment, oldest first. */
  chargesOf(paymentId: string): readonly BookedCharge[] {
    return [...this.charges.values()].filter((charge) => charge.paymentId === paymentId);
  }

  /** Appends events to the feed. */
  tell(events: readonly EventWrite[]): void {
    for (const { siteId, event } of events) this.events.push({ siteId, event });
  }

  private attempt(id: string): AttemptRecord {
    const attempt = this.attempts.get(id);
    check(attempt, `there is an attempt ${id}`);
    return { ...attempt, permit: this.permits.get(id) ?? null, resolution: this.resolutions.get(id) ?? null, qr: this.qrs.find(id) };
  }

  private keepAttempt(head: Head, attempt: AttemptRecord): void {
    const { id, terminalId, status } = attempt.shown;
    const ids = this.attemptIds.get(head.shown.id) ?? [];
    if (!ids.includes(id)) this.attemptIds.set(head.shown.id, [...ids, id]);
    this.attempts.set(id, attempt);
    this.paymentOf.set(id, head.shown.id);
    if (attempt.qr) this.qrs.plan(id, attempt.qr);
    const place = `${head.shown.siteId}/${terminalId}`;
    const there = this.occupants.get(place) ?? new Set();
    this.occupants.set(place, there);
    if (status === 'granted' || (status === 'unknown' && attempt.moneyPath === 'terminal')) there.add(id);
    else there.delete(id);
  }

  private moveMoney({ next, charge, disposed, returned }: Change, undo: (() => void)[]): void {
    if (charge) this.bookCharge(next.shown.id, charge, undo);
    if (disposed) this.dispose(disposed, undo);
    if (returned) this.giveBack(next.shown.id, returned, undo);
  }

  private bookCharge(paymentId: string, { attemptId, resultId, amountMinor, facts, surfaced }: ChargeWrite, undo: (() => void)[]): void {
    const disposition = surfaced ? 'undecided' : 'kept';
    const { rrn, authorisationCode } = facts;
    const booked = {
      paymentId,
      rowId: this.freeId(resultId),
      resultId,
      attemptId,
      amountMinor,
      rrn,
      authorisationCode,
      surfaced,
      disposition,
      returns: [],
    } as const;
    this.putCharge(booked, undo);
  }

  private dispose({ chargeResultId, disposition }: DispositionWrite, undo: (() => void)[]): void {
    const booked = this.charges.get(chargeResultId);
    check(booked, `there is a charge ${chargeResultId}`);
    const final = this.rules.triggers.get('returned_charge_final');
    if (final?.when?.({ disposition: booked.disposition })) throw new RuleBroken('returned_charge_final');
    this.putCharge({ ...booked, disposition }, undo);
  }

  private giveBack(paymentId: string, made: ReturnWrite, undo: (() => void)[]): void {
    const booked = this.charges.get(made.chargeResultId);
    check(booked, `there is a charge ${made.chargeResultId}`);
    if (this.rules.triggers.has('returns_within_charge') && made.amountMinor > leftMinor(booked)) throw new RuleBroken('returns_within_charge');
    this.put('charge_return', { id: this.freeId(made.resultId), row: returnColumns(paymentId, made) }, undo);
    const { resultId, attemptId, amountMinor, facts } = made;
    this.keepCharge({ ...booked, returns: [...booked.returns, { resultId, attemptId, amountMinor, rrn: facts.rrn }] }, undo);
  }

  private putCharge(booked: BookedCharge, undo: (() => void)[]): void {
    this.put('charge', { id: booked.rowId, row: chargeColumns(booked.paymentId, booked) }, undo);
    this.keepCharge(booked, undo);
  }

  private keepCharge(booked: BookedCharge, undo: (() => void)[]): void {
    const before = this.charges.get(booked.resultId);
    this.charges.set(booked.resultId, booked);
    undo.push(() => (before ? this.charges.set(booked.resultId, before) : this.charges.delete(booked.resultId)));
  }

  private refuseRewritten(attemptId: string): void {
    const trigger = this.rules.triggers.get('final_outcome_immutable');
    const old = this.tables.attempt.find(attemptId);
    if (trigger?.when && old && trigger.when(old)) throw new RuleBroken('final_outcome_immutable');
  }

  private refuseUnbalanced(postings: readonly PostingWrite[]): void {
    if (!this.rules.triggers.has('entry_balances')) return;
    const sums = new Map<string, number>();
    for (const { entryId, amountMinor } of postings) sums.set(entryId, (sums.get(entryId) ?? 0) + amountMinor);
    for (const [entryId, sum] of sums) check(sum === 0, `entry ${entryId} balances`);
  }

  private checkPermit(write: PermitWrite, undo: (() => void)[]): void {
    if (write.kind === 'grant') this.put('permit', { id: this.freeId(write.attemptId), row: { attempt_id: write.attemptId } }, undo);
    const old = this.permits.get(write.attemptId);
    if (write.kind !== 'take-over' || old?.nonce !== write.from || !this.rules.triggers.has('permit_immutable')) return;
    const { permit } = write;
    const allowed = permit.grantedAtMs === old.grantedAtMs && permit.takeOvers === old.takeOvers + 1 && write.atMs >= old.leaseUntilMs;
    if (permit.nonce !== old.nonce && !allowed) throw new RuleBroken('permit_immutable');
  }

  private writePermit(write: PermitWrite): void {
    const old = this.permits.get(write.attemptId);
    if (write.kind === 'grant') this.permits.set(write.attemptId, write.permit);
    else if (write.kind === 'take-over' && old?.nonce === write.from) this.permits.set(write.attemptId, { ...write.permit, grantedAtMs: old.grantedAtMs });
    else if (write.kind === 'lapse' && old?.nonce === write.nonce)
      this.permits.set(write.attemptId, { ...old, leaseUntilMs: Math.min(old.leaseUntilMs, write.leaseUntilMs) });
  }

  private checkResolution({ kind, attemptId }: ResolutionWrite, undo: (() => void)[]): void {
    if (kind === 'decided') this.put('resolution', { id: this.freeId(attemptId), row: { attempt_id: attemptId } }, undo);
    else if (this.rules.triggers.has('resolution_immutable') && this.resolutions.get(attemptId)?.terminal) throw new RuleBroken('resolution_immutable');
  }

  private writeResolution({ attemptId, record }: ResolutionWrite): void {
    this.resolutions.set(attemptId, record);
    const { terminal, charged, resultId } = record;
    const made = this.charges.get(resultId);
    if (!terminal?.agrees || !charged || !made) return;
    // A terminal that confirms a charge names it to the bank.
    const { rrn, authorisationCode } = terminal.facts;
    this.charges.set(resultId, { ...made, rrn, authorisationCode });
  }

  /** Rows of insert-only tables have no id that says when they are the same, so every insert is a row of its own. */
  private freeId(base: string): string {
    this.inserted += 1;
    return `${base}#${this.inserted}`;
  }

  private inserted = 0;

  private put(table: (typeof tableNames)[number], entry: { readonly id: string; readonly row: Readonly<Record<string, unknown>> }, undo: (() => void)[]): void {
    const target = this.tables[table];
    const before = target.find(entry.id);
    target.put(entry.id, entry.row);
    undo.push(() => (before ? target.put(entry.id, before) : target.remove(entry.id)));
  }

  private atomically(work: (undo: (() => void)[]) => void): void {
    const undo: (() => void)[] = [];
    try {
      work(undo);
    } catch (error) {
      for (const back of undo.reverse()) back();
      throw error;
    }
  }
}
