/* What a virtual terminal prints: the slip of the captured demo-mode receipt, the report that `report.ts` reads, and a settlement's sums. */
import { canaryCard } from '../kit/canary-card';
import type { Operation } from '@kkm/core';
import { formatMinor } from '@kkm/core';
import type { BankTransaction } from '../kit/fake-bank';
import { reportWords } from './report';
import { slipTitles } from './slip';

/** What a terminal knows of itself. */
export interface TerminalIdentity {
  /** KKM's id of the terminal; the bank's books use it. */
  readonly terminalId: string;
  /** Eight digits. */
  readonly bankTerminalId: string;
  readonly merchantId: string;
  readonly serialNumber: string;
}

/** An operation that moved money, as the terminal keeps it for its last receipt and its report. */
export interface TerminalOperation {
  readonly transaction: BankTransaction;
  /** `YYYYMMDDhhmmss` of the terminal's clock. */
  readonly time: string;
  /** The guest paid by the terminal's own SBP QR instead of a card. */
  readonly sbp?: boolean;
}

const width = 32;

/** Field 90 of an approval: customer's slip, merchant's slip, card name. */
export function receiptText(operation: TerminalOperation, identity: TerminalIdentity): string {
  return `0xDF^^${slipText(operation, identity, 'ЧЕК КЛИЕНТА')}~0xDA^^${slipText(operation, identity, 'ЧЕК КАССИРА')}~0xDE^^${operation.sbp ? 'СБП' : 'MIR'}~`;
}

/** Field 90 of a full report. `withReferences`: every line ends with what the register called the operation. */
export function reportText(
  operations: readonly TerminalOperation[],
  identity: TerminalIdentity,
  options: { readonly since: string; readonly withReferences: boolean },
): string {
  const lines = [
    'ПОЛНЫЙ ОТЧЕТ',
    `ТЕРМИНАЛ: ${identity.bankTerminalId}`,
    `ЗАВ. №: ${identity.serialNumber}`,
    `С ${moment(options.since)}`,
    '-'.repeat(width),
    ...operations.map((operation, at) => reportLine(operation, at + 1, options.withReferences)),
    '-'.repeat(width),
    `ИТОГО ОПЕРАЦИЙ: ${operations.length}`,
  ];
  return printed(lines);
}

/** Field 90 of a settlement. */
export function settlementText(operations: readonly TerminalOperation[], identity: TerminalIdentity, time: string): string {
  return sumsText('СВЕРКА ИТОГОВ', operations, { identity, time });
}

/** Field 90 of a short report. */
export function shortReportText(operations: readonly TerminalOperation[], identity: TerminalIdentity, time: string): string {
  return sumsText('КРАТКИЙ ОТЧЕТ', operations, { identity, time });
}

function sumsText(
  title: string,
  operations: readonly TerminalOperation[],
  { identity, time }: { readonly identity: TerminalIdentity; readonly time: string },
): string {
  const sales = operations.filter(({ transaction }) => transaction.kind === 'sale');
  const sum = sales.reduce((total, { transaction }) => total + transaction.amount, 0);
  return printed([
    title,
    `ТЕРМИНАЛ: ${identity.bankTerminalId}`,
    moment(time),
    `ОПЛАТА: ${sales.length} ${formatMinor(sum)}`,
    `ВСЕГО ОПЕРАЦИЙ: ${operations.length}`,
  ]);
}

function printed(lines: readonly string[]): string {
  return `0xDF^^${lines.join('\r\n')}\r\n~`;
}

function reportLine({ transaction, time }: TerminalOperation, number: number, withReference: boolean): string {
  const { kind, amount, authorisationCode, rrn, reference } = transaction;
  const counted = String(number % 10_000).padStart(4, '0');
  const line = `${counted} ${reportWords[kind]} ${moment(time)} ${formatMinor(amount)} ${authorisationCode} ${rrn}`;
  return withReference && reference !== null ? `${line} ${reference}` : line;
}

function slipText({ transaction, time, sbp }: TerminalOperation, identity: TerminalIdentity, title: string): string {
  const [date = '', clock = ''] = moment(time).split(' ');
  const lines = [
    centred('ДЕМО РЕЖИМ'),
    centred('КАФЕ'),
    spread(title, transaction.rrn.slice(-4)),
    centred(titleOf(transaction.kind)),
    spread(date, clock),
    spread('ТЕРМИНАЛ:', identity.bankTerminalId),
    ...(sbp ? ['СБП: ОПЛАТА ПО QR-КОДУ'] : [spread('КАРТА', 'MIR'), spread('', canaryCard.printed), spread('СРОК ДЕЙСТВИЯ :', '29/08')]),
    'СУММА (RUB)',
    spread('', formatMinor(transaction.amount)),
    centred('ОДОБРЕНО'),
    spread('КОД ОТВЕТА', '00'),
    spread('КОД АВТОРИЗАЦИИ:', transaction.authorisationCode),
    spread('№ ССЫЛКИ:', transaction.rrn),
    ' ',
    '-'.repeat(width - 1),
    centred('(КАССИР)'),
    '='.repeat(width),
    '',
  ];
  return lines.join('\r\n');
}

function titleOf(kind: Operation): string {
  return [...slipTitles].find(([, operation]) => operation === kind)?.[0] ?? '';
}

/** `20200516022653` → `16.05.20 02:26:53`. */
function moment(time: string): string {
  const [, year, month, day, ...clock] = /^\d\d(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(time) ?? [];
  return `${day}.${month}.${year} ${clock.join(':')}`;
}

function spread(left: string, right: string): string {
  return left + right.padStart(width - left.length);
}

function centred(text: string): string {
  return ' '.repeat(Math.floor((width - text.length) / 2)) + text;
}
