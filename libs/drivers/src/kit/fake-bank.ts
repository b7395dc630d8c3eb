import { check } from '@kkm/core';
import type { Operation } from '@kkm/core';
import type { CardKind } from './virtual-terminal';

/** A row of the bank's own books: something that moved money. */
export interface BankTransaction {
  /** Twelve digits, unique at this bank. */
  readonly rrn: string;
  readonly authorisationCode: string;
  /** Null: an SBP payment that was not scanned from a terminal. */
  readonly terminalId: string | null;
  /** `sbp`: at the bank, past the terminal, which knows nothing of it. */
  readonly channel: 'terminal' | 'sbp';
  readonly kind: Operation;
  /** Minor units. */
  readonly amount: number;
  /** A sale that was undone by a void or reversal of its own row. */
  readonly reversed: boolean;
  /** Made by somebody else on the same terminal. */
  readonly foreign: boolean;
  /** RFC 3339. */
  readonly at: string;
  /** What the register wrote into its transaction id, or the order of an SBP payment; null when nothing. */
  readonly reference: string | null;
}

/** The bank's answer to a terminal. */
export type BankAnswer =
  { readonly approved: true; readonly transaction: BankTransaction } | { readonly approved: false; readonly hostCode: string; readonly text: string };

/** Sums of one terminal or of all, minor units. `net` is what the café gets. */
export interface BankTotals {
  readonly sales: number;
  readonly salesAmount: number;
  readonly returns: number;
  readonly returnsAmount: number;
  readonly net: number;
}

/** Host codes of cards that are refused. */
const refusals: Readonly<Record<Exclude<CardKind, 'ok' | 'unreadable'>, { readonly hostCode: string; readonly text: string }>> = {
  insufficient_funds: { hostCode: '51', text: 'НЕДОСТАТОЧНО СРЕДСТВ' },
  expired: { hostCode: '54', text: 'СРОК КАРТЫ ИСТЕК' },
  blocked: { hostCode: '62', text: 'КАРТА ЗАБЛОКИРОВАНА' },
  wrong_pin: { hostCode: '55', text: 'НЕВЕРНЫЙ ПИН' },
  do_not_honour: { hostCode: '05', text: 'ОТКАЗ' },
  limit_exceeded: { hostCode: '61', text: 'ПРЕВЫШЕН ЛИМИТ' },
};

/** Money that an SBP bank moves. */
interface SbpMovement {
  /** Where the QR was scanned, if that is known. */
  readonly terminalId: string | null;
  readonly amountMinor: number;
  readonly order: string;
}

type Entry = Pick<BankTransaction, 'terminalId' | 'kind' | 'amount' | 'reference' | 'foreign'> & Partial<Pick<BankTransaction, 'channel'>>;

/** What the books hold of a transaction besides what they show. */
interface Row {
  shown: BankTransaction;
  settled: boolean;
  returned: number;
}

/** The bank behind virtual terminals, with its own books: the oracle for lost and doubled money. Kept in memory, for as long as the process lives. */
export class FakeBank {
  private readonly rows: Row[] = [];
  private readonly byRrn = new Map<string, Row>();
  private readonly byTerminal = new Map<string, Row[]>();
  private lastNumber = 0;

  /** @param now milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /** A card payment. */
  sale(order: { readonly terminalId: string; readonly amountMinor: number; readonly card: CardKind; readonly reference: string | null }): BankAnswer {
    check(order.card !== 'unreadable', 'an unreadable card never reaches the bank');
    if (order.card !== 'ok') return { approved: false, ...refusals[order.card] };
    return this.book({ terminalId: order.terminalId, kind: 'sale', amount: order.amountMinor, reference: order.reference });
  }

  /** Undoes a whole sale of the same terminal that is not settled yet. */
  void(order: { readonly terminalId: string; readonly amountMinor: number; readonly rrn: string | null; readonly reference: string | null }): BankAnswer {
    const row = order.rrn === null ? undefined : this.byRrn.get(order.rrn);
    const fits =
      row &&
      row.shown.channel === 'terminal' &&
      row.shown.terminalId === order.terminalId &&
      row.shown.kind === 'sale' &&
      !row.settled &&
      !row.shown.reversed &&
      row.returned === 0 &&
      row.shown.amount === order.amountMinor;
    return fits ? this.undo(row, 'void', order.reference) : { approved: false, hostCode: '12', text: 'ОПЕРАЦИЯ НЕ НАЙДЕНА' };
  }

  /** Returns a part or all of a sale; the sum of returns never exceeds it. */
  refund(order: { readonly terminalId: string; readonly amountMinor: number; readonly rrn: string | null; readonly reference: string | null }): BankAnswer {
    const row = order.rrn === null ? undefined : this.byRrn.get(order.rrn);
    const fits = row?.shown.channel === 'terminal' && row.shown.kind === 'sale' && !row.shown.reversed && row.returned + order.amountMinor <= row.shown.amount;
    if (!fits) return { approved: false, hostCode: '12', text: 'ОПЕРАЦИЯ НЕ НАЙДЕНА' };
    row.returned += order.amountMinor;
    return this.book({ terminalId: order.terminalId, kind: 'refund', amount: order.amountMinor, reference: order.reference });
  }

  /** Undoes the terminal's last operation, if it is an unsettled sale that still stands. */
  reverseLast(terminalId: string, reference: string | null): BankAnswer {
    const row = this.madeBy(terminalId).at(-1);
    const fits = row && row.shown.kind === 'sale' && !row.settled && !row.shown.reversed && row.returned === 0;
    return fits ? this.undo(row, 'reversal', reference) : { approved: false, hostCode: 'ER3', text: 'ОПЕРАЦИЯ ПРЕРВАНА' };
  }

  /** A payment that somebody else takes on the same terminal. */
  foreignSale(terminalId: string, amountMinor: number): BankTransaction {
    return this.enter({ terminalId, kind: 'sale', amount: amountMinor, reference: null, foreign: true }).shown;
  }

  /** A payment of an SBP bank's QR. The books list it as a sale (design-money, clause 29), and no terminal hears of it. */
  sbpSale(payment: SbpMovement): BankTransaction {
    return this.enterSbp('sale', payment);
  }

  /** Money that the SBP bank gives back. */
  sbpRefund(refund: SbpMovement): BankTransaction {
    return this.enterSbp('refund', refund);
  }

  /** What the terminal itself moved since its last settlement, oldest first. */
  unsettled(terminalId: string): readonly BankTransaction[] {
    return this.madeBy(terminalId)
      .filter((row) => !row.settled)
      .map((row) => row.shown);
  }

  /** Closes the terminal's day. */
  settle(terminalId: string): void {
    for (const row of this.madeBy(terminalId)) row.settled = true;
  }

  /** The books, oldest first. */
  transactions(): readonly BankTransaction[] {
    return this.rows.map((row) => row.shown);
  }

  /** Sums by terminal and of all. */
  totals(): { readonly all: BankTotals; readonly terminals: Readonly<Record<string, BankTotals>> } {
    const terminals = [...this.byTerminal].map(([terminalId, rows]) => [terminalId, totalOf(rows)] as const);
    return { all: totalOf(this.rows), terminals: Object.fromEntries(terminals) };
  }

  private madeBy(terminalId: string): readonly Row[] {
    return (this.byTerminal.get(terminalId) ?? []).filter((row) => row.shown.channel === 'terminal');
  }

  private enterSbp(kind: Operation, { terminalId, amountMinor, order }: SbpMovement): BankTransaction {
    return this.enter({ terminalId, kind, amount: amountMinor, reference: order, foreign: false, channel: 'sbp' }).shown;
  }

  private undo(row: Row, kind: 'void' | 'reversal', reference: string | null): BankAnswer {
    row.shown = { ...row.shown, reversed: true };
    return this.book({ terminalId: row.shown.terminalId, kind, amount: row.shown.amount, reference });
  }

  private book(entry: { terminalId: string | null; kind: Operation; amount: number; reference: string | null }): BankAnswer {
    return { approved: true, transaction: this.enter({ ...entry, foreign: false }).shown };
  }

  private enter(entry: Entry): Row {
    // Numbers follow the clock, so that a restarted bank does not give one out twice.
    this.lastNumber = Math.max(this.lastNumber + 1, this.now() % 1_000_000_000_000);
    const rrn = String(this.lastNumber).padStart(12, '0');
    const authorisationCode = String(100_000 + ((this.lastNumber * 7_919) % 900_000));
    const at = new Date(this.now()).toISOString();
    const row: Row = { shown: { rrn, authorisationCode, channel: 'terminal', reversed: false, at, ...entry }, settled: false, returned: 0 };
    this.rows.push(row);
    this.byRrn.set(rrn, row);
    if (entry.terminalId === null) return row;
    const ofTerminal = this.byTerminal.get(entry.terminalId) ?? [];
    if (ofTerminal.length === 0) this.byTerminal.set(entry.terminalId, ofTerminal);
    ofTerminal.push(row);
    return row;
  }
}

function totalOf(rows: readonly Row[]): BankTotals {
  const sales = rows.filter((row) => row.shown.kind === 'sale');
  const returns = rows.filter((row) => row.shown.kind !== 'sale');
  const sum = (some: readonly Row[]): number => some.reduce((total, row) => total + row.shown.amount, 0);
  return { sales: sales.length, salesAmount: sum(sales), returns: returns.length, returnsAmount: sum(returns), net: sum(sales) - sum(returns) };
}
