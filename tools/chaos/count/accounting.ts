import type { Payment, PaymentStatus, Verdict } from '@kkm/core';
import type { BankTransaction, ParkedMessage } from './facts';

/** Everything the books are compared from, when the system is at rest. */
export interface BooksAtRest {
  /** Payments whose acceptance the caller was told, by id. */
  readonly acknowledged: ReadonlySet<string>;
  /** Every payment of the ledger, as the API shows it. */
  readonly payments: readonly Payment[];
  /** The virtual bank's own books. */
  readonly bank: readonly BankTransaction[];
  readonly parked: readonly ParkedMessage[];
  /** The status that the newest completion event of each payment told. */
  readonly told: ReadonlyMap<string, PaymentStatus>;
  /** What KKM answers for each payment to "was the customer charged?". */
  readonly verdicts: ReadonlyMap<string, Pick<Verdict, 'verdict' | 'evidence'>>;
  /** An attempt's id as the terminal's protocol carries it. */
  readonly referenceOf: (attemptId: string) => string;
}

/** Where the accepted payments are. The parts add up to `accepted`. */
export interface Parts {
  readonly accepted: number;
  readonly charged: number;
  readonly declined: number;
  readonly cancelled: number;
  readonly expired: number;
  readonly failed: number;
  readonly inDoubt: number;
  readonly parked: number;
  readonly unaccounted: number;
}

/** What must not be, each named with what shows it. */
export interface Violations {
  /** The bank keeps more than one sale of one payment. */
  readonly doubled: readonly string[];
  /** The bank keeps money that KKM says was not charged, or does not know of. */
  readonly lost: readonly string[];
  /** KKM says charged; the bank has no such sale, or another amount. */
  readonly notAtBank: readonly string[];
  /** Accepted, and neither final nor visible in doubt nor parked. */
  readonly unaccounted: readonly string[];
  /** One order, one key, and more than one payment. */
  readonly openedTwice: readonly string[];
  /** A sale keyed in by hand that was reversed. */
  readonly foreignReversed: readonly string[];
  /** The caller's last event says something else than the ledger. */
  readonly toldWrong: readonly string[];
  /** "Was the customer charged?" is answered "no" where the bank has the money, or not at all. */
  readonly wrongVerdicts: readonly string[];
}

/** What came of all payments. */
export interface Accounting {
  readonly parts: Parts;
  readonly violations: Violations;
  /** Payments in doubt or parked, or with surfaced money: those that a person sees. */
  readonly visible: readonly VisiblePayment[];
}

/** A payment that a person has to look at, with the evidence. */
export interface VisiblePayment {
  readonly payment: Payment;
  readonly why: 'in doubt' | 'parked' | 'surfaced money';
  readonly parked: readonly ParkedMessage[];
  /** What was asked and said, as KKM tells it. */
  readonly evidence: Verdict['evidence'];
  /** What the bank keeps of it: the oracle's answer, which KKM does not have. */
  readonly atBank: readonly BankTransaction[];
}

type Part = Exclude<keyof Parts, 'accepted'>;

/** Compares callers, ledger and bank: every payment is somewhere, charged at most once, and no money is lost. */
export function account(books: BooksAtRest): Accounting {
  const paymentOf = paymentsByReference(books);
  const kept = keptSales(books.bank, paymentOf);
  const parked = groupBy(books.parked, ({ paymentId }) => paymentId);
  const placed = books.payments.map((payment) => ({ payment, part: partOf(payment, parked.has(payment.id)) }));
  const unknown = [...books.acknowledged].filter((id) => !books.payments.some((payment) => payment.id === id));
  const count = (part: Part): number => placed.filter((each) => each.part === part).length;
  const unaccounted = [
    ...unknown.map((id) => `${id}: accepted, and not in the ledger`),
    ...placed.filter(({ part }) => part === 'unaccounted').map(({ payment }) => `${payment.id}: still ${payment.status}`),
  ];
  return {
    parts: {
      accepted: books.payments.length + unknown.length,
      charged: count('charged'),
      declined: count('declined'),
      cancelled: count('cancelled'),
      expired: count('expired'),
      failed: count('failed'),
      inDoubt: count('inDoubt'),
      parked: count('parked'),
      unaccounted: unaccounted.length,
    },
    violations: {
      doubled: doubledOf(kept),
      lost: [...unclaimed(books.bank, paymentOf), ...books.payments.flatMap((payment) => lostOf(payment, kept.get(payment.id) ?? []))],
      notAtBank: books.payments.flatMap((payment) => notAtBankOf(payment, kept.get(payment.id) ?? [])),
      unaccounted,
      openedTwice: openedTwiceOf(books.payments),
      foreignReversed: books.bank.filter(({ foreign, reversed }) => foreign && reversed).map(said),
      toldWrong: books.payments.flatMap((payment) => toldWrongOf(payment, books.told)),
      wrongVerdicts: books.payments.flatMap(({ id }) => wrongVerdictOf(id, books.verdicts.get(id)?.verdict, kept.get(id) ?? [])),
    },
    visible: placed.flatMap((each) => visibleOf(each, { parked, kept, verdicts: books.verdicts })),
  };
}

/** How many of {@link Violations} there are. */
export function violationCount(violations: Violations): number {
  return Object.values(violations).reduce((sum, list: readonly string[]) => sum + list.length, 0);
}

function paymentsByReference({ payments, referenceOf }: BooksAtRest): ReadonlyMap<string, string> {
  return new Map(payments.flatMap(({ id, attempts }) => attempts.map((attempt) => [referenceOf(attempt.id), id] as const)));
}

/** Sales of ours that the bank has neither reversed nor paid back, by payment. */
function keptSales(bank: readonly BankTransaction[], paymentOf: ReadonlyMap<string, string>): ReadonlyMap<string, readonly BankTransaction[]> {
  const byPayment = (rows: readonly BankTransaction[]) => groupBy(rows, ({ reference }) => paymentOf.get(reference ?? '') ?? null);
  const refunds = byPayment(bank.filter(({ kind }) => kind === 'refund'));
  const sales = [...byPayment(bank.filter(isKept))].map(([id, some]) => [id, withoutRefunded(some, refunds.get(id) ?? [])] as const);
  return new Map(sales);
}

/** Each refund of a whole sale takes one away. */
function withoutRefunded(sales: readonly BankTransaction[], refunds: readonly BankTransaction[]): readonly BankTransaction[] {
  const amounts = refunds.map(({ amount }) => amount);
  return sales.filter(({ amount }) => {
    const at = amounts.indexOf(amount);
    if (at >= 0) amounts.splice(at, 1);
    return at < 0;
  });
}

function isKept({ kind, foreign, reversed }: BankTransaction): boolean {
  return kind === 'sale' && !foreign && !reversed;
}

function partOf({ status }: Payment, isParked: boolean): Part {
  switch (status) {
    case 'succeeded':
      return 'charged';
    case 'in_doubt':
      return 'inDoubt';
    case 'pending':
    case 'in_progress':
      return isParked ? 'parked' : 'unaccounted';
    case 'declined':
    case 'cancelled':
    case 'expired':
    case 'failed':
      return status;
  }
}

function doubledOf(kept: ReadonlyMap<string, readonly BankTransaction[]>): readonly string[] {
  return [...kept].filter(([, sales]) => sales.length > 1).map(([id, sales]) => `${id}: ${sales.map(said).join(' and ')}`);
}

/** Money of a register's attempt that no payment knows. */
function unclaimed(bank: readonly BankTransaction[], paymentOf: ReadonlyMap<string, string>): readonly string[] {
  return bank.filter((sale) => isKept(sale) && !paymentOf.has(sale.reference ?? '')).map((sale) => `no payment knows ${said(sale)}`);
}

/** Money that surfaced after the end is told: the payment names it. */
function lostOf({ id, status, surfaced }: Payment, kept: readonly BankTransaction[]): readonly string[] {
  const saysUncharged = status === 'declined' || status === 'cancelled' || status === 'expired' || status === 'failed';
  const untold = kept.filter(({ rrn, amount }) => !surfaced.some((money) => money.amount === amount && (money.rrn === null || money.rrn === rrn)));
  return saysUncharged ? untold.map((sale) => `${id} is ${status}, and the bank has ${said(sale)}`) : [];
}

function notAtBankOf({ id, status, chargedAmount, refundedAmount, attempts }: Payment, kept: readonly BankTransaction[]): readonly string[] {
  if (status !== 'succeeded') return chargedAmount === 0 ? [] : [`${id} is ${status} and says charged ${chargedAmount}`];
  if (refundedAmount === chargedAmount && kept.length === 0) return []; // Charged, and all of it given back.
  const approved = attempts.filter((attempt) => attempt.operation === 'sale' && attempt.status === 'approved');
  const rrns = approved.map(({ rrn }) => rrn);
  const byPerson = approved.some(({ rrn, resolvedBy }) => rrn === null && resolvedBy !== null); // Who reads a list may leave the number out.
  const agreed = kept.some((sale) => sale.amount === chargedAmount && (byPerson || rrns.includes(sale.rrn)));
  return agreed ? [] : [`${id} says charged ${chargedAmount} with RRN ${rrns.join(', ')}; the bank has ${kept.map(said).join(' and ') || 'nothing'}`];
}

function wrongVerdictOf(id: string, verdict: Verdict['verdict'] | undefined, kept: readonly BankTransaction[]): readonly string[] {
  if (verdict === 'not_charged' && kept.length > 0) return [`${id}: not charged, and the bank has ${kept.map(said).join(' and ')}`];
  return verdict === undefined ? [`${id}: no answer`] : [];
}

function openedTwiceOf(payments: readonly Payment[]): readonly string[] {
  const byOrder = groupBy(payments, ({ orderId }) => orderId);
  return [...byOrder].filter(([, some]) => some.length > 1).map(([orderId, some]) => `${orderId}: ${some.map(({ id }) => id).join(' and ')}`);
}

function toldWrongOf({ id, status }: Payment, told: ReadonlyMap<string, PaymentStatus>): readonly string[] {
  const last = told.get(id);
  return last === status ? [] : [`${id} is ${status}, the last event told ${last ?? 'nothing'}`];
}

function visibleOf(
  { payment, part }: { readonly payment: Payment; readonly part: Part },
  facts: Pick<BooksAtRest, 'verdicts'> & {
    readonly parked: ReadonlyMap<string, readonly ParkedMessage[]>;
    readonly kept: ReadonlyMap<string, readonly BankTransaction[]>;
  },
): readonly VisiblePayment[] {
  const { id, surfaced, conflicts } = payment;
  const undecided = surfaced.some(({ disposition }) => disposition === 'undecided') || conflicts.length > 0;
  const why = part === 'inDoubt' ? 'in doubt' : undecided ? 'surfaced money' : facts.parked.has(id) ? 'parked' : null;
  if (why === null) return [];
  return [{ payment, why, parked: facts.parked.get(id) ?? [], evidence: facts.verdicts.get(id)?.evidence ?? [], atBank: facts.kept.get(id) ?? [] }];
}

function said({ kind, amount, rrn, terminalId }: BankTransaction): string {
  return `${kind} ${rrn} of ${amount} on ${terminalId}`;
}

function groupBy<T>(things: readonly T[], key: (thing: T) => string | null): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const name = key(thing);
    if (name === null) continue;
    const group = groups.get(name) ?? [];
    groups.set(name, [...group, thing]);
  }
  return groups;
}
