/* What a virtual terminal sends: the fields that the captures show. */
import { canaryCard } from '../kit/canary-card';
import type { FieldContent, Message } from './fields';
import { fieldNumbers as f, message, textOf } from './fields';
import type { TerminalIdentity, TerminalOperation } from './terminal-texts';
import { receiptText } from './terminal-texts';

/** How an operation ended without approval. */
export interface Refusal {
  readonly status: string;
  /** Null: the answer carries none. */
  readonly hostCode: string | null;
  readonly text: string;
}

/** What every answer repeats: parts of the request, and who answers when (`YYYYMMDDhhmmss`). */
export interface AnswerHead {
  readonly request: Message;
  readonly identity: TerminalIdentity;
  readonly time: string;
}

type Entries = readonly (readonly [number, FieldContent])[];

const paidByCard: Entries = [
  [f.pan, canaryCard.pan],
  [f.expiry, '2908'],
];
const paidByQr: Entries = [[f.entryMode, 'Q']];

/** An approval with both slips, fields as in the captured one. `status` is 1 unless a fault wants another. */
export function approvalMessage(operation: TerminalOperation, { request, identity }: AnswerHead, status: string): Message {
  const { transaction, time, sbp } = operation;
  return message([
    [f.amount, String(transaction.amount)],
    [f.currency, '643'],
    [f.hostTime, time],
    ...(sbp ? paidByQr : paidByCard),
    [f.authorisationCode, transaction.authorisationCode],
    [f.rrn, transaction.rrn],
    [f.hostResponseCode, '00'],
    [f.text, 'ОДОБРЕНО'],
    [f.terminalTime, time],
    [f.serverTransaction, '-1'],
    [f.operation, textOf(request, f.operation) ?? ''],
    [f.reference, textOf(request, f.reference) ?? '-1'],
    [f.bankTerminalId, identity.bankTerminalId],
    [f.merchantId, identity.merchantId],
    [f.status, status],
    [f.receipt, receiptText(operation, identity)],
  ]);
}

/** Anything but an approval: no RRN, no authorisation code. */
export function refusalMessage(refusal: Refusal, { request, identity, time }: AnswerHead): Message {
  const hostCode: Entries = refusal.hostCode === null ? [] : [[f.hostResponseCode, refusal.hostCode]];
  return message([
    [f.amount, textOf(request, f.amount)?.replace(/^0+(?=.)/, '') ?? '0'],
    [f.currency, '643'],
    ...hostCode,
    [f.text, refusal.text],
    [f.terminalTime, time],
    [f.operation, textOf(request, f.operation) ?? ''],
    [f.reference, textOf(request, f.reference) ?? '-1'],
    [f.bankTerminalId, identity.bankTerminalId],
    [f.merchantId, identity.merchantId],
    [f.status, refusal.status],
  ]);
}

/** The answer to a link test. */
export function linkMessage({ request, identity, time }: AnswerHead): Message {
  return message([
    [f.text, 'ОПЕРАЦИЯ ОДОБРЕНА^APPROVED.JPG~'],
    [f.terminalTime, time],
    [f.operation, textOf(request, f.operation) ?? ''],
    [f.bankTerminalId, identity.bankTerminalId],
    [f.status, '1'],
  ]);
}

/** The answer to a QR display. `result`: 0, or 1 when the guest cancelled. */
export function displayMessage(request: Message, result: string): Message {
  return message([
    [f.operation, textOf(request, f.operation) ?? ''],
    [f.mode, '4'],
    [f.commandResult, result],
  ]);
}

/** The last receipt: text alone, or with the result's fields (personality `fields`). */
export function lastReceiptMessage(last: TerminalOperation | null, { request, identity }: AnswerHead, withFields: boolean): Message {
  if (!last) return userMessage(request, [[f.commandResult, '1']]);
  const { transaction, time } = last;
  const fields: Entries = [
    ...(last.sbp ? paidByQr : []),
    [f.amount, String(transaction.amount)],
    [f.currency, '643'],
    [f.authorisationCode, transaction.authorisationCode],
    [f.rrn, transaction.rrn],
    [f.hostResponseCode, '00'],
    [f.terminalTime, time],
    [f.reference, transaction.reference ?? '-1'],
    [f.bankTerminalId, identity.bankTerminalId],
    [f.status, '1'],
  ];
  return userMessage(request, [...(withFields ? fields : []), [f.receipt, receiptText(last, identity)]]);
}

/** A report, or the refusal (67 = 1) when there is more to print than a field can hold. */
export function reportMessage(text: string, { request }: AnswerHead): Message {
  return userMessage(request, text.length > receiptCharactersMax ? [[f.commandResult, '1']] : [[f.receipt, text]]);
}

/** Leaves room for the other fields within the longest message. */
const receiptCharactersMax = 65_000;

/** The answer to a settlement. */
export function settlementMessage(text: string, { request, identity, time }: AnswerHead): Message {
  return message([
    [f.hostTime, time],
    [f.hostResponseCode, '00'],
    [f.terminalTime, time],
    [f.operation, textOf(request, f.operation) ?? ''],
    [f.bankTerminalId, identity.bankTerminalId],
    [f.status, '1'],
    [f.receipt, text],
  ]);
}

function userMessage(request: Message, entries: Entries): Message {
  return message([[f.operation, textOf(request, f.operation) ?? ''], [f.subOperation, textOf(request, f.subOperation) ?? ''], ...entries]);
}
