import type { BankTotals, BankTransaction } from '@kkm/drivers/terminals';
import { element, section, write } from './elements';
import type { PageContext } from './page-context';
import { money } from './texts';

/** Rows that are shown: an evening's last. */
const rowsMax = 50;

/** What the bank really took, newest first. */
export function bankBooks(context: PageContext) {
  const { texts, language } = context;
  const body = element('tbody');
  const head = element('thead', {}, element('tr', {}, ...texts.columns.map((column) => element('th', { scope: 'col' }, column))));
  const table = element('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': texts.books }, element('table', {}, head, body));
  const sums = element('p', { class: 'hint', role: 'status' });
  let shown = '';
  const show = (transactions: readonly BankTransaction[], totals: BankTotals): void => {
    const newest = transactions.slice(-rowsMax).reverse();
    const state = JSON.stringify([transactions.length, newest]);
    if (state === shown) return;
    shown = state;
    body.replaceChildren(...newest.map((transaction) => rowOf(transaction, context)));
    const sum = (amount: number): string => money(language, amount);
    write(sums, transactions.length === 0 ? texts.noBooks : texts.totals(sum(totals.salesAmount), sum(totals.returnsAmount), sum(totals.net)));
  };
  return { root: section(texts.books, sums, table), show };
}

function rowOf({ at, kind, channel, reversed, foreign, amount, terminalId, rrn }: BankTransaction, { texts, language }: PageContext): HTMLElement {
  const marks = [channel === 'sbp' && texts.byQr, reversed && texts.reversed, foreign && texts.foreign].filter((mark) => mark !== false);
  const cells = [
    new Date(at).toLocaleTimeString(language === 'ru' ? 'ru-RU' : 'en-GB'),
    [texts.operations[kind], ...marks].join(', '),
    money(language, kind === 'sale' ? amount : -amount),
    terminalId ?? '–',
    rrn,
  ];
  return element('tr', { class: reversed ? 'reversed' : kind }, ...cells.map((cell) => element('td', {}, cell)));
}
