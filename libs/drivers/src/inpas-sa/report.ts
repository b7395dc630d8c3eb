/*
 * The full report of a terminal (operation 63/21), as text in field 90. No report of a real terminal is public. This is the layout that KKM's own virtual
 * terminal prints; a bank's layout needs a reader of its own, and until then its reports prove nothing.
 * The reader is strict: one line that does not fit, or a count that does not add up, and the report as a whole is unread.
 */
import type { Operation, TerminalRecord } from '@kkm/core';
import { noBankFacts } from '@kkm/core';

/** What a full report says. */
export interface FullReport {
  /** Null when the report could not be read to its last line. */
  readonly operations: readonly TerminalRecord[] | null;
  /** Begin of the reported period, `YYYYMMDDhhmmss` of the terminal's clock. */
  readonly since: string | null;
  readonly bankTerminalId: string | null;
  readonly serialNumber: string | null;
}

/** Words of the report → what was done. */
export const reportWords: Readonly<Record<Operation, string>> = { sale: 'ОПЛАТА', void: 'ОТМЕНА', refund: 'ВОЗВРАТ', reversal: 'АВТООТМЕНА' };

const separator = /^-{8,}$/;
const entryForm =
  /^(\d{4}) (ОПЛАТА|ОТМЕНА|ВОЗВРАТ|АВТООТМЕНА) (\d{2})\.(\d{2})\.(\d{2}) (\d{2}):(\d{2}):(\d{2}) (\d{1,8})\.(\d{2}) ([0-9A-Z]{6}) (\d{12})(?: (\d{1,12}))?$/;

/** Reads a full report. */
export function readFullReport(text: string): FullReport {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const bounds = lines.flatMap((line, at) => (separator.test(line) ? [at] : []));
  const [open, end] = bounds;
  const header = readHeader(lines.slice(0, open ?? 0));
  const unread: FullReport = { operations: null, since: null, bankTerminalId: null, serialNumber: null };
  if (!header || open === undefined || end === undefined || bounds.length !== 2 || end !== lines.length - 2) return unread;
  const operations = lines.slice(open + 1, end).map((line, at) => readEntry(line, at + 1, header.bankTerminalId));
  const read = operations.filter((operation) => operation !== null);
  return read.length === operations.length && lines.at(-1) === `ИТОГО ОПЕРАЦИЙ: ${read.length}` ? { operations: read, ...header } : unread;
}

function readHeader(lines: readonly string[]): { since: string; bankTerminalId: string; serialNumber: string } | null {
  const [title, terminal, serial, period] = lines;
  const bankTerminalId = /^ТЕРМИНАЛ:\s*([0-9A-Z]{1,8})$/.exec(terminal ?? '')?.[1];
  const serialNumber = /^ЗАВ\. №:\s*([0-9A-Z]{1,20})$/.exec(serial ?? '')?.[1];
  const [, day, month, year, hour, minute, second] = /^С (\d{2})\.(\d{2})\.(\d{2}) (\d{2}):(\d{2}):(\d{2})$/.exec(period ?? '') ?? [];
  if (title !== 'ПОЛНЫЙ ОТЧЕТ' || lines.length !== 4 || bankTerminalId === undefined || serialNumber === undefined || day === undefined) return null;
  const since = `20${year}${month}${day}${hour}${minute}${second}`;
  return { since, bankTerminalId, serialNumber };
}

function readEntry(line: string, number: number, bankTerminalId: string): TerminalRecord | null {
  const [, written, word, day, month, year, hour, minute, second, roubles, kopecks, authorisationCode, rrn, reference] = entryForm.exec(line) ?? [];
  if (written === undefined || authorisationCode === undefined || rrn === undefined || Number(written) !== number % 10_000) return null;
  const terminalTime = `20${year}${month}${day}${hour}${minute}${second}`;
  const operation = (Object.keys(reportWords) as Operation[]).find((candidate) => reportWords[candidate] === word) ?? null;
  return {
    operation,
    amountMinor: Number(roubles) * 100 + Number(kopecks),
    rrn,
    authorisationCode,
    bankTerminalId,
    reference: reference ?? null,
    terminalTime,
    approved: true,
    facts: { ...noBankFacts, rrn, authorisationCode, bankTerminalId, terminalTime },
  };
}
