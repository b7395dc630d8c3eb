import type { Payment, PaymentStatus } from '@kkm/core';
import type { BankTransaction } from '../../e2e/harness/virtual-terminal';
import type { LedgerPages, PostingRow } from './ledger-books';

/** What a caller sees of a payment, and what the bank knows. */
export interface Money {
  /** What KKM shows over HTTP; null when it knows of none. */
  readonly payment: Payment | null;
  /** Whether it may know of none: the request never arrived and was not repeated. */
  readonly mayBeMissing: boolean;
  /** What the bank booked on its terminal for its amount. */
  readonly bank: readonly BankTransaction[];
}

/** Everything that anybody knows of one payment when nothing moves any more. */
export interface Rest extends Money {
  /** What the ledger must have given back of it; null: that, or nothing. */
  readonly refundMinor: number | null;
  readonly pages: LedgerPages;
  /** Ids of the events that a subscriber of `kkm.events` got. */
  readonly heard: ReadonlySet<string>;
}

const notCharged: readonly PaymentStatus[] = ['declined', 'cancelled', 'expired', 'failed'];

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const salesOf = (bank: readonly BankTransaction[]): readonly BankTransaction[] =>
  bank.filter(({ kind, reversed, foreign }) => kind === 'sale' && !reversed && !foreign);

/** Compares what KKM says of a payment with what the bank has, and says in sentences what does not fit. */
export function moneyFaultsOf({ payment, mayBeMissing, bank }: Money): readonly string[] {
  const sales = salesOf(bank);
  const faults: string[] = [];
  const must = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what);
  };
  must(sales.length <= 1, `the guest was charged ${sales.length} times`);
  if (!payment) {
    must(mayBeMissing, 'the request was lost');
    must(sales.length === 0, 'the bank has money of a payment that nobody knows');
    return faults;
  }
  const { status, chargedAmount, closedAt } = payment;
  if (status === 'succeeded') {
    must(payment.attempts.filter(({ operation, status: end }) => operation === 'sale' && end === 'approved').length <= 1, 'more than one attempt is approved');
    must(sales.length === 1, `the ledger has a charge, the bank ${sales.length}`);
    must(sales[0]?.amount === chargedAmount, `the ledger has ${chargedAmount}, the bank ${sales[0]?.amount ?? 0}`);
  } else if (notCharged.includes(status)) {
    must(sales.length === 0, `the payment is ${status}, and the bank has the money`);
    must(payment.redoable || closedAt !== null, `the payment is ${status} and cannot be redone`);
  } else must(false, `the payment is ${status} at rest`);
  return faults;
}

/** Compares the bank's books with all that the ledger has, and says in sentences what does not fit. */
export function faultsOf(rest: Rest): readonly string[] {
  const { payment, bank, pages, heard } = rest;
  const faults = [...moneyFaultsOf(rest)];
  if (!payment) return faults;
  const must = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what);
  };
  const { charges, postings, events } = pages;
  must(!payment.attempts.some(({ resolvedBy }) => resolvedBy?.terminal === 'awaited'), 'the terminal was not asked after a person decided');
  const kept = charges.filter(({ disposition }) => disposition === 'kept');
  must(charges.length === kept.length, 'late money is not decided about');
  must(sum(kept.map(({ amount }) => amount)) === payment.chargedAmount, `the charges are not the ${payment.chargedAmount} that are shown`);
  // A charge that a person decided has no reference of the bank.
  const references = salesOf(bank).map(({ rrn }) => rrn);
  must(
    kept.every(({ rrn }) => rrn === null || references.includes(rrn)),
    'the retrieval references differ',
  );
  must(sum(postings.map(({ amount }) => amount)) === 0, 'the postings do not balance');
  const { refundedAmount } = payment;
  const atBank = sum(bank.filter(({ kind }) => kind === 'refund').map(({ amount }) => amount));
  must(atBank === refundedAmount, `the ledger has given back ${refundedAmount}, the bank ${atBank}`);
  must(rest.refundMinor === null || rest.refundMinor === refundedAmount, `${rest.refundMinor ?? 0} were to be given back, and ${refundedAmount} were`);
  const openReturns = payment.attempts.filter(({ operation, finishedAt }) => operation !== 'sale' && finishedAt === null);
  must(openReturns.length === 0, 'a return has not ended');
  const left = payment.chargedAmount - refundedAmount;
  must(balanceOf(postings) === left, `the postings are not of ${left}`);
  const missed = events.filter((id) => !heard.has(id)).length;
  must(missed === 0, `${missed} of ${events.length} events were never published`);
  return faults;
}

/** What is on the side of the debits when all entries are taken together: late money moves from one account to another. */
function balanceOf(postings: readonly PostingRow[]): number {
  const balances = new Map<string, number>();
  for (const { account, amount } of postings) balances.set(account, (balances.get(account) ?? 0) + amount);
  return sum([...balances.values()].filter((balance) => balance > 0));
}
