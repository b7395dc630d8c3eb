import { isFinalAttempt } from '@kkm/core';
import type { AttemptStatus } from '@kkm/core';
import { driverNamed } from '@kkm/drivers';
import type { BankTransaction, FakeBank } from '@kkm/drivers/terminals';
import type { Change, PaymentRecord } from '@kkm/flow/ledger';
import type { MemoryLedgerStore } from '@kkm/flow/testing';
import { isExplained, parkedFaults } from './explained';
import { FlightAudit } from './flight-audit';
import type { Sender } from './flight-audit';
import { PeopleAudit } from './people-audit';
import type { Judge } from './people-audit';
import { ReturnAudit } from './return-audit';
import { SbpAudit } from './sbp-audit';
import type { SbpBooks } from './sbp-books';

/** What the auditor looks into. */
export interface AuditedWorld {
  readonly store: MemoryLedgerStore;
  readonly bank: FakeBank;
  readonly judge: Judge;
  nowMs(): number;
  /** Texts of messages that wait for a person. */
  parked(): readonly string[];
}

const terminalReference = (attemptId: string): string => driverNamed('inpas-sa').reference(attemptId);

const notCharged: readonly AttemptStatus[] = ['declined', 'cancelled', 'failed', 'expired', 'withdrawn'];

/** Holds every step against what must always be true, and the books against each other at rest. Collects what is broken. */
export class Auditor {
  readonly violations: string[] = [];
  /** Attempts whose terminal contradicts itself by plan; money beyond the first charge is then expected to be seen, not to be absent. */
  readonly contradicted = new Set<string>();
  private readonly sequences = new Map<string, number>();
  private readonly finals = new Map<string, AttemptStatus>();
  private readonly keys = new Map<string, string>();
  private readonly expiries = new Map<string, number>();
  private readonly orders = new Map<string, number>();
  private readonly senders = new Map<string, Sender>();
  /** Terminals that staff settled past the register: their reports no longer reach back. */
  readonly settledByHand = new Set<string>();
  /** Results that tell of charges that belong to nobody. */
  readonly strays = new Set<string>();
  private booked = 0;
  readonly flights: FlightAudit;
  private readonly people: PeopleAudit;
  private readonly returns: ReturnAudit;
  private sbp: SbpAudit | null = null;

  constructor(private readonly world: AuditedWorld) {
    this.flights = new FlightAudit(world, (holds, what) => this.must(holds, what));
    this.people = new PeopleAudit({
      store: world.store,
      judge: world.judge,
      transactions: () => world.bank.transactions(),
      referenceOf: terminalReference,
      salesOf: (attemptId) => this.salesOf(attemptId).filter(({ reversed }) => !reversed),
      sbpHeldFor: (attemptId) => this.sbp?.heldFor(attemptId) ?? 0,
      isContradicted: (attemptId) => this.contradicted.has(attemptId),
      isExplained: (terminalId) => this.isExplained(terminalId),
      must: (holds, what) => this.must(holds, what),
    });
    this.returns = new ReturnAudit({
      world,
      must: (holds, what) => this.must(holds, what),
      referenceOf: terminalReference,
      isContradicted: (attemptId) => this.contradicted.has(attemptId),
      sbpNetOf: (attemptId) => this.sbpNetOf(attemptId),
    });
  }

  /** From now on there is a second bank to hold the ledger against. */
  watchSbp(books: SbpBooks, siteId: string): SbpAudit {
    this.sbp = new SbpAudit(
      {
        siteId,
        store: this.world.store,
        nowMs: () => this.world.nowMs(),
        must: (holds, what) => this.must(holds, what),
        checkVerdict: (paymentId) => this.people.checkVerdict(paymentId),
        cardCharges: (attemptIds) =>
          attemptIds
            .filter((id) => !this.mayBeCharged(id))
            .flatMap((id) => this.salesOf(id))
            .filter(({ reversed }) => !reversed).length,
      },
      books,
    );
    return this.sbp;
  }

  /** For whoever checks something of its own. */
  holds(holds: boolean, what: string): void {
    this.must(holds, what);
  }

  /** A caller is going to ask for one payment of an order, however often it repeats itself. */
  expectOrder(orderId: string): void {
    this.orders.set(orderId, (this.orders.get(orderId) ?? 0) + 1);
  }

  /** A worker begins. */
  started(sender: Sender): void {
    this.senders.set(sender.workerId, sender);
  }

  /** After a payment was opened. */
  opened(record: PaymentRecord, key: string): void {
    const place = `${record.shown.siteId}/${key}`;
    this.must(!this.keys.has(place), `the key ${key} opened two payments`);
    this.keys.set(place, record.shown.id);
    const { orderId } = record.shown;
    for (const { shown, expiresAtMs } of record.attempts) this.expiries.set(shown.id, expiresAtMs);
    const opened = [...this.world.store.books.heads.values()].filter(({ shown }) => shown.orderId === orderId).length;
    this.must(opened <= (this.orders.get(orderId) ?? 0), `order ${orderId} has ${opened} payments, more than were asked for`);
    this.sequences.set(record.shown.id, record.shown.sequence);
    this.must(record.shown.sequence === 1, 'a payment begins with sequence 1');
    this.checkOrder(record);
  }

  /** After a change was written. `leasedUntil`: the lease of the attempt's permit before. */
  saved(change: Change, before: { readonly leaseUntilMs: number | null }): void {
    const { store } = this.world;
    const paymentId = change.next.shown.id;
    const record = store.books.record(paymentId);
    if (!record) return this.must(false, `${paymentId} is gone`);
    const last = this.sequences.get(paymentId) ?? 0;
    const hidden = change.changed.length === 0 && change.added === null && change.events.length === 0 && change.next.shown.sequence === change.expectedSequence;
    this.must(record.shown.sequence === last + (hidden ? 0 : 1), `the sequence of ${paymentId} goes from ${last} to ${record.shown.sequence}`);
    this.sequences.set(paymentId, record.shown.sequence);
    if (change.added) this.expiries.set(change.added.shown.id, change.added.expiresAtMs);
    for (const attempt of record.attempts) this.checkAttempt(attempt.shown.id, attempt.shown.status);
    if (change.permit?.kind === 'grant') {
      const expiresAtMs = this.expiries.get(change.permit.attemptId) ?? 0;
      this.must(change.permit.permit.grantedAtMs < expiresAtMs || change.charge !== null, 'an expired attempt was granted');
    }
    if (change.permit?.kind === 'take-over' && change.permit.from !== change.permit.permit.nonce)
      this.must((before.leaseUntilMs ?? 0) <= change.permit.atMs, 'a permit was taken over while its lease lived');
    this.sbp?.saved(change);
    // A worker ends its own lease with its result; anybody else may do so only for the dead, or when a display has ended.
    if (change.permit?.kind === 'lapse' && change.resultId === null && store.books.attempts.get(change.permit.attemptId)?.moneyPath !== 'bank_qr')
      this.must(!this.isAlive(store.books.permits.get(change.permit.attemptId)?.workerId), 'the lease of a living worker was ended');
    const kept = store.books.chargesOf(paymentId).filter(({ disposition }) => disposition === 'kept').length;
    this.must(kept <= 1, `${paymentId} keeps ${kept} charges`);
    this.returns.saved(change, record);
    this.checkTerminals();
    this.checkOrder(record);
    this.people.checkVerdict(paymentId);
    this.people.checkClosed(change);
  }

  /** A lease went to a worker. */
  leased(terminal: { readonly siteId: string; readonly terminalId: string; readonly workerId: string }): void {
    const occupant = this.world.store.books.occupant(terminal.siteId, terminal.terminalId);
    const permit = occupant && this.world.store.books.permits.get(occupant.attemptId);
    const alive = permit && permit.leaseUntilMs > this.world.nowMs() && permit.workerId !== terminal.workerId && this.isAlive(permit.workerId);
    this.must(!alive, `the lease of ${terminal.terminalId} moved under a live permit`);
  }

  /** Looks at what the bank booked since the last look. */
  lookAtBank(): void {
    const rows = this.world.bank.transactions();
    for (const row of rows.slice(this.booked)) {
      this.checkBooking(row, rows);
      this.people.checkBooking(row);
    }
    this.booked = rows.length;
  }

  /** The number by which terminals and bank know an attempt. */
  referenceOf(attemptId: string): string {
    return terminalReference(attemptId);
  }

  /** The bank's sales that are ours, by attempt, given back or not. */
  salesOf(attemptId: string): readonly BankTransaction[] {
    const reference = terminalReference(attemptId);
    return this.world.bank.transactions().filter((row) => row.kind === 'sale' && !row.foreign && row.reference === reference);
  }

  /** Holds the books against each other when nothing moves any more. An attempt in doubt is visible; so is a parked result. */
  atRest(): void {
    const { books } = this.world.store;
    const parked = this.world.parked().join('\n');
    for (const fault of parkedFaults(parked, { kept: this.world.store.orphans, expected: this.strays })) this.must(false, fault);
    for (const [attemptId, attempt] of books.attempts) {
      if (this.people.atRest(attempt)) continue;
      const { status } = attempt.shown;
      const sales = this.takenFor(attemptId);
      const charges = [...books.charges.values()].filter((charge) => charge.attemptId === attemptId);
      const visible = status === 'unknown' || parked.includes(attemptId);
      this.must(status !== 'queued' && (status !== 'granted' || visible), `${attemptId} is ${status} at rest`);
      const isExplained = attempt.moneyPath === 'terminal' && this.isExplained(attempt.shown.terminalId);
      this.must(status !== 'unknown' || isExplained, `${attemptId} is in doubt at rest, and nothing is in the way of knowing`);
      this.must(visible || sales.length === charges.length, `${attemptId} is ${status}: the bank has ${sales.length} charges, the ledger ${charges.length}`);
      this.must(charges.length <= sales.length, `${attemptId}: the ledger has a charge that the bank has not`);
      const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
      const same = sum(sales) === sum(charges.map((charge) => charge.amountMinor));
      this.must(visible || same, `${attemptId}: the amounts of bank and ledger differ`);
    }
    this.returns.atRest();
    this.must(books.postings.reduce((total, posting) => total + posting.amountMinor, 0) === 0, 'the postings balance');
  }

  /** The amounts that both banks ever took in an attempt. */
  private takenFor(attemptId: string): readonly number[] {
    return [...this.salesOf(attemptId).map(({ amount }) => amount), ...(this.sbp?.books.takenOf(attemptId) ?? [])];
  }

  private sbpNetOf(attemptId: string): number {
    const taken = this.sbp?.books.takenOf(attemptId) ?? [];
    return taken.reduce((sum, amount) => sum + amount, 0) - (this.sbp?.books.refundedOf(attemptId) ?? 0);
  }

  /** Whether nothing can still change: every attempt is final. */
  allFinal(): boolean {
    return [...this.world.store.books.attempts.values()].every(({ shown }) => isFinalAttempt(shown.status));
  }

  private isExplained(terminalId: string): boolean {
    return isExplained(this.world, terminalId, { contradicted: this.contradicted, settledByHand: this.settledByHand });
  }

  private isAlive(workerId: string | undefined): boolean {
    return workerId !== undefined && this.senders.get(workerId)?.process.alive === true;
  }

  /** Whether late money waits for its decision. */
  isUndecided(): boolean {
    return [...this.world.store.books.heads.values()].some(({ decideAtMs }) => decideAtMs !== null);
  }

  private checkAttempt(attemptId: string, status: AttemptStatus): void {
    const final = this.finals.get(attemptId);
    this.must(final === undefined || final === status, `the outcome of ${attemptId} changed from ${final ?? ''} to ${status}`);
    if (final !== undefined || !isFinalAttempt(status)) return;
    this.finals.set(attemptId, status);
    this.sbp?.ended(attemptId, status);
    if (notCharged.includes(status) && !this.mayBeCharged(attemptId))
      this.must(this.salesOf(attemptId).length === 0, `${attemptId} is ${status}, but the bank has the money`);
  }

  /** Whether the bank may have money for an attempt that ended uncharged: its terminal contradicts itself by plan, or a person said so. */
  private mayBeCharged(attemptId: string): boolean {
    return this.contradicted.has(attemptId) || this.people.isCalledUncharged(attemptId);
  }

  private checkBooking(row: BankTransaction, rows: readonly BankTransaction[]): void {
    if (row.kind !== 'sale') return this.returns.booked(row, rows);
    if (row.foreign || row.reference === null) return;
    const { books } = this.world.store;
    const attempt = [...books.attempts.values()].find(({ shown }) => terminalReference(shown.id) === row.reference);
    if (!attempt) return this.must(false, `the bank booked ${row.reference}, which nobody knows`);
    const attemptId = attempt.shown.id;
    if (this.mayBeCharged(attemptId)) return;
    this.must(!notCharged.includes(attempt.shown.status), `the bank booked ${attemptId}, which is ${attempt.shown.status}`);
    const siblings = books.record(books.paymentOf.get(attemptId) ?? '')?.attempts.map(({ shown }) => shown.id) ?? [];
    const references = siblings.filter((id) => !this.mayBeCharged(id)).map(terminalReference);
    const sales = rows.filter(
      (other) => other.kind === 'sale' && !other.reversed && !other.foreign && other.reference !== null && references.includes(other.reference),
    );
    const codes = this.sbp?.standingOf(siblings) ?? 0;
    const times = sales.length + codes;
    this.must(times <= 1, `the guest was charged ${times} times for ${books.paymentOf.get(attemptId) ?? ''}${codes > 0 ? ' over both paths' : ''}`);
  }

  private checkTerminals(): void {
    const holders = new Map<string, string>();
    for (const [attemptId, { shown, moneyPath }] of this.world.store.books.attempts) {
      const isDisplayed = shown.status === 'granted' && (this.world.store.books.permits.get(attemptId)?.leaseUntilMs ?? 0) > this.world.nowMs();
      if (moneyPath === 'bank_qr' ? !isDisplayed : shown.status !== 'granted' && shown.status !== 'unknown') continue;
      this.must(!holders.has(shown.terminalId), `${shown.terminalId} has two unfinished attempts`);
      holders.set(shown.terminalId, attemptId);
    }
  }

  private checkOrder({ shown, orderExclusive }: PaymentRecord): void {
    if (!orderExclusive) return;
    const others = [...this.world.store.books.heads.values()].filter((other) => other.orderExclusive && other.shown.orderId === shown.orderId);
    const open = others.filter((other) => ['pending', 'in_progress', 'in_doubt'].includes(other.shown.status));
    this.must(open.length <= 1, `${open.length} payments of order ${shown.orderId} are open`);
    const charged = others.filter((other) => isCharged(other.shown) && other.shown.amount === shown.amount);
    this.must(charged.length <= 1, `order ${shown.orderId} is charged ${charged.length} times`);
  }

  private must(holds: boolean, what: string): void {
    if (!holds && this.violations.length < 20) this.violations.push(what);
  }
}

function isCharged({ status, chargedAmount, refundedAmount }: PaymentRecord['shown']): boolean {
  return status === 'succeeded' && refundedAmount < chargedAmount;
}
