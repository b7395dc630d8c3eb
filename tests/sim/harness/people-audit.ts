import type { verdictOf } from '@kkm/core';
import type { BankTransaction } from '@kkm/drivers/terminals';
import { showPayment } from '@kkm/flow/ledger';
import type { AttemptRecord, Change, ResolutionRecord } from '@kkm/flow/ledger';
import type { MemoryLedgerStore } from '@kkm/flow/testing';

/** How a payment is judged; a defect may judge otherwise. */
export type Judge = typeof verdictOf;

/** What the audit of people's decisions looks into. */
export interface PeopleAuditParts {
  readonly store: MemoryLedgerStore;
  readonly judge: Judge;
  readonly transactions: () => readonly BankTransaction[];
  readonly referenceOf: (attemptId: string) => string;
  readonly salesOf: (attemptId: string) => readonly BankTransaction[];
  /** What the bank of SBP holds for an attempt and the ledger can know of. */
  readonly sbpHeldFor: (attemptId: string) => number;
  /** The terminal contradicts itself by plan. */
  readonly isContradicted: (attemptId: string) => boolean;
  /** Something happened at the terminal that nobody told us of. */
  readonly isExplained: (terminalId: string) => boolean;
  readonly must: (holds: boolean, what: string) => void;
}

/** Holds people's decisions and the verdict against the bank's books. A person may be wrong, but never silently. */
export class PeopleAudit {
  private readonly closed = new Set<string>();

  constructor(private readonly parts: PeopleAuditParts) {}

  /** Whether a person decided that the attempt was not charged: the bank may know better, and the guest may be charged again by a redo. */
  isCalledUncharged(attemptId: string): boolean {
    return this.parts.store.books.resolutions.get(attemptId)?.charged === false;
  }

  /** Looks at the verdict of a payment. It depends on the payment alone, and the truth on the bank alone; so this is called whenever either changes. */
  checkVerdict(paymentId: string): void {
    const { store, judge, must } = this.parts;
    const record = store.books.record(paymentId);
    if (!record) return;
    const { verdict } = judge(showPayment(record), []);
    if (verdict !== 'not_charged') return;
    const held = this.heldFor(record.attempts);
    must(held <= 0, `the verdict of ${paymentId} is not_charged, but the bank has ${held}`);
  }

  /** Looks at a change of a payment that was closed, or is now. */
  checkClosed({ next, added }: Change): void {
    const { id, closedAt } = next.shown;
    const { must } = this.parts;
    must(!this.closed.has(id) || added?.shown.operation !== 'sale', `${id} was closed and is redone`);
    must(!this.closed.has(id) || closedAt !== null, `${id} is no longer closed`);
    if (closedAt !== null) this.closed.add(id);
  }

  /** The payment that an entry of the bank's books belongs to has changed in truth. */
  checkBooking({ reference }: BankTransaction): void {
    if (reference === null) return;
    const { books } = this.parts.store;
    for (const attemptId of books.attempts.keys())
      if (this.parts.referenceOf(attemptId) === reference) return this.checkVerdict(books.paymentOf.get(attemptId) ?? '');
  }

  /** Looks at a decided attempt when nothing moves any more; false when nobody decided it. */
  atRest(attempt: AttemptRecord): boolean {
    const { store, must } = this.parts;
    const { id, status } = attempt.shown;
    const resolution = store.books.resolutions.get(id);
    if (!resolution) return false;
    must(status === (resolution.charged ? 'approved' : 'failed'), `${id} was decided by a person and is ${status}`);
    const { terminal } = resolution;
    if (!terminal) {
      must(this.parts.isExplained(attempt.shown.terminalId), `${id} was decided by a person and no terminal’s answer was recorded`);
      return true;
    }
    const atBank = this.takenBy(id);
    const charges = [...store.books.charges.values()].filter((charge) => charge.attemptId === id);
    const booked = sumOf(charges.map(({ amountMinor }) => amountMinor));
    const isWrong = atBank !== resolution.chargedAmount;
    must(
      terminal.agrees !== isWrong || this.parts.isContradicted(id),
      `${id}: the person is ${isWrong ? 'wrong and was confirmed' : 'right and was contradicted'}`,
    );
    must(isWrong === this.isInConflict(attempt) || this.parts.isContradicted(id), `${id}: a person who is wrong is not shown as a conflict`);
    must(booked === atBank || (resolution.charged && !terminal.agrees), `${id} was decided by a person: the bank has ${atBank}, the ledger ${booked}`);
    must(!resolution.charged || charges.some(({ resultId }) => resultId === resolution.resultId), `${id}: the person’s charge is not in the books`);
    return true;
  }

  /** What the bank ever took in an attempt, given back since or not. */
  private takenBy(attemptId: string): number {
    const reference = this.parts.referenceOf(attemptId);
    const sales = this.parts.transactions().filter((row) => row.kind === 'sale' && !row.foreign && row.reference === reference);
    return sumOf(sales.map(({ amount }) => amount));
  }

  private isInConflict(attempt: AttemptRecord): boolean {
    const { books } = this.parts.store;
    const record = books.record(books.paymentOf.get(attempt.shown.id) ?? '');
    return record !== null && showPayment(record).conflicts.some(({ attemptId }) => attemptId === attempt.shown.id);
  }

  /** What the bank holds for these attempts, less what it gave back. A terminal that contradicts itself is not known to until its second answer arrived. */
  private heldFor(attempts: readonly AttemptRecord[]): number {
    const { referenceOf, salesOf, sbpHeldFor, transactions, isContradicted, store } = this.parts;
    const isUntold = (attemptId: string): boolean =>
      isContradicted(attemptId) && ![...store.books.charges.values()].some((charge) => charge.attemptId === attemptId);
    const told = attempts.map(({ shown }) => shown.id).filter((attemptId) => !isUntold(attemptId));
    const references = told.map(referenceOf);
    const refunds = transactions().filter(({ kind, reference }) => kind === 'refund' && reference !== null && references.includes(reference));
    const bySbp = sumOf(told.map(sbpHeldFor));
    return bySbp + sumOf(told.flatMap(salesOf).map(({ amount }) => amount)) - sumOf(refunds.map(({ amount }) => amount));
  }
}

/** What people decided, and what the terminals said to it. */
export function saidByPeople(resolutions: ReadonlyMap<string, ResolutionRecord>): readonly string[] {
  return [...resolutions.values()].map(({ charged, terminal }) => {
    const word = !terminal ? 'unanswered' : terminal.agrees ? 'confirmed' : 'contradicted';
    return `${charged ? 'charged' : 'not charged'}, ${word}`;
  });
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
