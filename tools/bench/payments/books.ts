import type { Payment } from '@kkm/core';

/** One movement in the virtual bank's books (`GET /bank/transactions`). */
export interface BankTransaction {
  readonly rrn: string;
  readonly terminalId: string;
  readonly kind: 'sale' | 'void' | 'refund' | 'reversal';
  readonly amount: number;
  readonly reversed: boolean;
  readonly foreign: boolean;
  readonly at: string;
}

/** What the bank and KKM disagree about. All three empty: no money was lost and none was doubled. */
export interface BookDifferences {
  /** KKM says charged, the bank has no such sale. */
  readonly notAtBank: readonly string[];
  /** The bank has a sale that no payment of KKM claims: money taken from a guest and lost. */
  readonly lost: readonly string[];
  /** The bank charged a payment's amount on its terminal more than once. */
  readonly doubled: readonly string[];
}

/** Reads the virtual bank's own books. */
export async function readBankBooks(virtualTerminal: string): Promise<readonly BankTransaction[]> {
  const answer = await fetch(`${virtualTerminal}/bank/transactions`, { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`The virtual bank answered ${answer.status}`);
  return ((await answer.json()) as { transactions: BankTransaction[] }).transactions;
}

/** Compares payments with the bank's books by the RRN their approved attempts carry. */
export function compareBooks(payments: readonly Payment[], books: readonly BankTransaction[]): BookDifferences {
  const sales = books.filter((entry) => entry.kind === 'sale' && !entry.reversed && !entry.foreign);
  const byRrn = new Map(sales.map((sale) => [sale.rrn, sale]));
  const claimed = new Set<string>();
  const notAtBank: string[] = [];
  for (const payment of payments) {
    const rrn = payment.attempts.find((attempt) => attempt.operation === 'sale' && attempt.status === 'approved')?.rrn ?? null;
    const sale = rrn === null ? undefined : byRrn.get(rrn);
    if (sale && sale.amount === payment.chargedAmount && !claimed.has(sale.rrn)) claimed.add(sale.rrn);
    else if (payment.chargedAmount > 0) notAtBank.push(payment.id);
  }
  const seen = new Set<string>();
  const doubled: string[] = [];
  for (const sale of sales) {
    const bill = `${sale.terminalId} ${sale.amount}`;
    if (seen.has(bill)) doubled.push(bill);
    seen.add(bill);
  }
  return { notAtBank, lost: sales.filter((sale) => !claimed.has(sale.rrn)).map((sale) => `${sale.terminalId} ${sale.amount}`), doubled };
}
