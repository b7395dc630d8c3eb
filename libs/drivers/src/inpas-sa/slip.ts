/*
 * The text that terminals print, as they send it in field 90: customer slip `0xDF^^…~`, merchant slip `0xDA^^…~`, card name `0xDE^^…~`.
 * Layout of a slip: the captured demo-mode receipt of a PAX D200 (Zzzzipper/projects, commit 038e09f, InpasPacketLayerTest.cpp).
 * The reader is strict: what does not look exactly like the captured lines yields null, never a guess.
 */
import type { Operation, TerminalRecord } from '@kkm/core';
import { maskCardNumbers, noBankFacts } from '@kkm/core';

/** The blocks of field 90. */
export interface ReceiptBlocks {
  readonly customer: string | null;
  readonly merchant: string | null;
  readonly cardName: string | null;
}

/** Splits field 90 into its blocks; null when it holds none. Unknown blocks are skipped. */
export function receiptBlocks(receipt: string | null): ReceiptBlocks | null {
  if (receipt === null) return null;
  const blocks = new Map<string, string>();
  for (const match of receipt.matchAll(/0x(D[0-9A-F])\^\^([^~]*)~/g)) {
    const [, tag, text] = match;
    if (tag !== undefined && text !== undefined && !blocks.has(tag)) blocks.set(tag, text);
  }
  if (blocks.size === 0) return null;
  return { customer: blocks.get('DF') ?? null, merchant: blocks.get('DA') ?? null, cardName: blocks.get('DE')?.trim() ?? null };
}

/** Titles of slips → what was done. */
export const slipTitles: ReadonlyMap<string, Operation> = new Map([
  ['ОПЛАТА ПОКУПКИ', 'sale'],
  ['ОТМЕНА ОПЛАТЫ', 'void'],
  ['ВОЗВРАТ ПОКУПКИ', 'refund'],
  ['АВТООТМЕНА', 'reversal'],
]);

/** Reads one slip. A line that occurs twice with different contents makes its fact null. */
export function readSlip(text: string): TerminalRecord {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const rrn = single(lines, /^№ ССЫЛКИ:\s*(\d{12})$/);
  const authorisationCode = single(lines, /^КОД АВТОРИЗАЦИИ:\s*([0-9A-Z]{6})$/);
  const bankTerminalId = single(lines, /^ТЕРМИНАЛ:\s*([0-9A-Z]{1,8})$/);
  const hostResponseCode = single(lines, /^КОД ОТВЕТА\s+([0-9A-Z]{2,3})$/);
  const terminalTime = slipTime(lines);
  const approved = lines.includes('ОДОБРЕНО') && !lines.includes('ОТКЛОНЕНО') && hostResponseCode === '00';
  return {
    operation: operationOf(lines),
    amountMinor: slipAmount(lines),
    rrn,
    authorisationCode,
    bankTerminalId,
    reference: null,
    terminalTime,
    approved,
    facts: {
      ...noBankFacts,
      message: approved ? 'ОДОБРЕНО' : null,
      hostResponseCode,
      rrn,
      authorisationCode,
      bankTerminalId,
      slip: withoutCards(text),
      terminalTime,
    },
  };
}

/** The one content that all lines of this form agree on. */
function single(lines: readonly string[], form: RegExp): string | null {
  const contents = new Set(lines.flatMap((line) => form.exec(line)?.[1] ?? []));
  const [content] = contents;
  return contents.size === 1 && content !== undefined ? content : null;
}

function operationOf(lines: readonly string[]): Operation | null {
  const found = new Set(lines.flatMap((line) => slipTitles.get(line) ?? []));
  const [operation] = found;
  return found.size === 1 && operation !== undefined ? operation : null;
}

/** The amount stands on the line after `СУММА (RUB)`, or behind it on the same line. */
function slipAmount(lines: readonly string[]): number | null {
  const at = lines.findIndex((line) => line.startsWith('СУММА'));
  if (at < 0 || lines.findLastIndex((line) => line.startsWith('СУММА')) !== at) return null;
  const written = /^СУММА \(RUB\)\s*(\d{1,8}\.\d{2})?$/.exec(lines[at] ?? '');
  if (!written) return null;
  const [roubles, kopecks] = (written[1] ?? /^\d{1,8}\.\d{2}$/.exec(lines[at + 1] ?? '')?.[0] ?? '').split('.');
  return roubles !== undefined && kopecks !== undefined ? Number(roubles) * 100 + Number(kopecks) : null;
}

/** `16.05.20                02:26:53` → `20200516022653`. */
function slipTime(lines: readonly string[]): string | null {
  const form = /^(\d{2})\.(\d{2})\.(\d{2})\s+(\d{2}):(\d{2}):(\d{2})$/;
  const times = new Set(
    lines.flatMap((line) => {
      const [, day, month, year, ...clock] = form.exec(line) ?? [];
      return day === undefined ? [] : [`20${year}${month}${day}${clock.join('')}`];
    }),
  );
  const [time] = times;
  return times.size === 1 && time !== undefined ? time : null;
}

/** A text of the terminal without card numbers, should it ever print one in full: it goes into journal, queues and evidence before anybody else could mask it. */
export function withoutCards(text: string | null): string | null {
  return text === null ? null : maskCardNumbers(text);
}
