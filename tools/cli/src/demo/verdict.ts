import { formatMinor, reasonTexts } from '@kkm/core';
import type { Attempt, Payment } from '@kkm/core';
import type { BankEntry } from './calls';

/** What the bank and the ledger say of the same payments. */
export interface Verdict {
  readonly agree: boolean;
  readonly words: string;
}

/** Compares the bank's books with the ledger's answers: every charge is known to both, once, with the same amount. */
export function compareBooks(payments: readonly Payment[], books: readonly BankEntry[]): Verdict {
  const atBank = books.filter(({ kind, reversed }) => kind === 'sale' && !reversed);
  const charged = payments.flatMap(({ attempts, chargedAmount }) =>
    attempts.filter(({ status }) => status === 'approved').map(({ rrn }) => ({ rrn: rrn ?? '', amount: chargedAmount })),
  );
  const keys = (entries: readonly { readonly rrn: string; readonly amount: number }[]): string =>
    entries
      .map(({ rrn, amount }) => `${rrn} ${amount}`)
      .sort()
      .join(', ');
  const sum = (entries: readonly { readonly amount: number }[]): string => formatMinor(entries.reduce((total, { amount }) => total + amount, 0));
  const agree = keys(atBank) === keys(charged);
  const counts = `the bank's books hold ${atBank.length} charges of ${sum(atBank)} RUB, the ledger ${charged.length} of ${sum(charged)} RUB`;
  return {
    agree,
    words: agree ? `${counts}: the same ones; nothing lost, nothing doubled` : `${counts}: they DIFFER (bank: ${keys(atBank)}; ledger: ${keys(charged)})`,
  };
}

/** The final answer of a payment, as a caller gets it, for people. */
export function finalAnswer(payment: Payment): string {
  const attempts = payment.attempts.map((attempt) => `    attempt ${attempt.number}  ${attempt.status.padEnd(9)} ${detail(attempt)}`);
  return [
    `  ${payment.id}  ${payment.status}, charged ${formatMinor(payment.chargedAmount)} of ${formatMinor(payment.amount)} ${payment.currency}, order ${payment.orderId}`,
    ...attempts,
  ].join('\n');
}

function detail({ rrn, card, authorisationCode, reason, message }: Attempt): string {
  const bank = [rrn && `RRN ${rrn}`, card && `card ${card.maskedPan}`, authorisationCode && `code ${authorisationCode}`].filter(Boolean).join(', ');
  return [bank, reason && `${reasonTexts[reason].en} (${reason})`, message && `«${message}»`].filter(Boolean).join(', ');
}
