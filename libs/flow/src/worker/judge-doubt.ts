import type { PaymentCommand, TerminalAnswer, TerminalKnowledge, TerminalRecord } from '@kkm/core';

/** A terminal's report of its operations. */
export type TerminalReport = Extract<TerminalAnswer, { kind: 'report' }>;

/** What a terminal said on one connection, link test first: an answer to that means it is idle. */
export interface TerminalView {
  /** The bank's id of this terminal and its clock, as the link test told them. */
  readonly bankTerminalId: string | null;
  readonly terminalNow: string | null;
  readonly last: TerminalRecord | null;
  /** Null where it was not, or could not be, read. */
  readonly report: TerminalReport | null;
}

/** What a view is held against. */
export interface DoubtFacts {
  readonly command: PaymentCommand;
  /** The command's attempt id as the protocol carries it. */
  readonly reference: string;
  /** Milliseconds since the permit was granted, or asked for. */
  readonly sinceGrantMs: number;
  /** An operation of the attempt was made within this time of the grant. */
  readonly windowMs: number;
  readonly toleranceMs: number;
  /** Milliseconds for which bytes of the attempt may still arrive at the terminal from elsewhere; 0: none can. */
  readonly lateWriteMs: number;
  /** What the ledger knows of the terminal; null where it was not asked. */
  readonly knowledge: TerminalKnowledge | null;
  /** Whether an approval with this RRN is in this worker's memory as another attempt's; the ledger may not have it yet. */
  readonly isTaken: (rrn: string) => boolean;
}

/**
 * `ours`: the record is the attempt's approval. `not-charged`: proved. `open`: neither; `why` is evidence for a person, never proof that nothing was charged.
 * `retryAfterMs`: nothing but time is missing.
 */
export type Judgement =
  | { readonly kind: 'ours'; readonly record: TerminalRecord }
  | { readonly kind: 'not-charged' }
  | { readonly kind: 'open'; readonly why: string; readonly retryAfterMs?: number };

/** Whether the last receipt alone settles it: it carries our reference and nothing contradicts. Then no report is needed. */
export function judgeLast(view: TerminalView, facts: DoubtFacts): Judgement {
  const { last } = view;
  if (facts.command.operation === 'reversal') return open('only the report tells of a reversal');
  return last !== null && last.reference === facts.reference && isPossiblyOurs(last, view, facts)
    ? { kind: 'ours', record: last }
    : open('the report is needed');
}

/**
 * Holds the terminal's report against an attempt in doubt (design chapter 4, design-money clause 5). Where the terminal keeps our reference, that decides.
 * Elsewhere amount, terminal, time and an RRN not recorded before must fit, and be the only operation nobody knows. That nothing was charged is proved
 * only by a report that reaches back past the grant and holds no operation unknown to us, of any amount.
 */
export function judgeReport(view: TerminalView, facts: DoubtFacts): Judgement {
  const { report } = view;
  if (!report?.operations) return open('the report could not be read');
  if (!facts.knowledge) return open('the ledger was not asked what it knows');
  const known = new Set(facts.knowledge.known);
  const isKnown = (rrn: string): boolean => known.has(rrn) || facts.isTaken(rrn);
  const mayBeNew = (record: TerminalRecord): boolean => isOfOurCharge(record, facts) && !isCertainlyEarlier(record, view, facts);
  const unknown = report.operations.filter((record) => record.rrn === null || mayBeNew(record) || !isKnown(record.rrn));
  const named = unknown.filter((record) => record.reference === facts.reference && isPossiblyOurs(record, view, facts));
  const [ours] = named;
  if (ours && named.length === 1) return { kind: 'ours', record: asPrinted(ours, view) };
  if (ours) return open('two operations carry our reference');
  if (unknown.length > 0) return judgeUnnamed(unknown, view, facts);
  return judgeAbsence(report, view, { ...facts, knowledge: facts.knowledge });
}

/** No operation carries our reference, and there are some that nobody knows. */
function judgeUnnamed(unknown: readonly TerminalRecord[], view: TerminalView, facts: DoubtFacts): Judgement {
  // A reversal carries no reference even where other operations do.
  if (facts.command.operation !== 'reversal' && namesReferences(view)) return open('an operation that nobody knows carries no reference of ours');
  const [record, ...others] = unknown.filter((operation) => !isCertainlyEarlier(operation, view, facts));
  if (!record) return open('operations from before the permit are not known to anybody');
  if (others.length > 0) return open('several operations since the permit are not known to anybody');
  if (!isPossiblyOurs(record, view, facts)) return open('an operation since the permit is not known to anybody and does not fit');
  if (record.amountMinor !== facts.command.amount) return open('an operation since the permit has another amount');
  if (record.rrn === null) return open('the RRN is missing');
  return isInWindow(record, view, facts) ? { kind: 'ours', record: asPrinted(record, view) } : open('the time is missing or outside the attempt');
}

/** The report holds nothing that nobody knows: does that prove anything? */
function judgeAbsence(report: TerminalReport, view: TerminalView, facts: DoubtFacts & { readonly knowledge: TerminalKnowledge }): Judgement {
  const { baseline, anchor } = facts.knowledge;
  if (!baseline || !anchor) return open('no report of this terminal was recorded before the permit');
  const same =
    report.bankTerminalId === baseline.bankTerminalId && report.serialNumber === baseline.serialNumber && view.bankTerminalId === baseline.bankTerminalId;
  if (!same) return open('the report is of another terminal');
  const reaches = anchor.kind === 'operation' ? report.operations?.some(({ rrn }) => rrn === anchor.rrn) : report.since === anchor.since;
  if (!reaches) return open('the report does not reach back past the permit');
  if (facts.lateWriteMs > 0) return { ...open('bytes of the attempt may still arrive'), retryAfterMs: facts.lateWriteMs };
  return { kind: 'not-charged' };
}

function open(why: string): { readonly kind: 'open'; readonly why: string } {
  return { kind: 'open', why };
}

/** Kind, terminal and amount: what must fit however the operation is recognised. */
function isPossiblyOurs(record: TerminalRecord, view: TerminalView, facts: DoubtFacts): boolean {
  const { command, isTaken } = facts;
  const { amountMinor, bankTerminalId, rrn } = record;
  if (!record.approved || record.operation !== command.operation) return false;
  if (bankTerminalId === null || bankTerminalId !== view.bankTerminalId) return false;
  if (amountMinor === null || amountMinor <= 0 || amountMinor > command.amount) return false;
  return rrn === null || isOfOurCharge(record, facts) || !isTaken(rrn);
}

/** Some banks book what gives a charge back under that charge's own RRN, which is known for the sale: there it is no other attempt's. */
function isOfOurCharge({ operation, rrn }: TerminalRecord, { command }: DoubtFacts): boolean {
  return command.operation !== 'sale' && operation === command.operation && rrn !== null && rrn === command.original?.rrn;
}

/** Whether this terminal shows references at all. One that does shows ours, too. */
function namesReferences({ last, report }: TerminalView): boolean {
  return [...(last ? [last] : []), ...(report?.operations ?? [])].some(({ reference }) => reference !== null);
}

/** The last receipt says more of an operation than the report does. */
function asPrinted(record: TerminalRecord, { last }: TerminalView): TerminalRecord {
  const same = last && last.rrn !== null && last.rrn === record.rrn && last.amountMinor === record.amountMinor && last.operation === record.operation;
  return same ? last : record;
}

/** By the terminal's own clock on both sides: its time zone and its error do not matter. */
function isInWindow(record: TerminalRecord, view: TerminalView, { sinceGrantMs, windowMs, toleranceMs }: DoubtFacts): boolean {
  const ageMs = ageOf(record, view);
  if (ageMs === null) return false;
  const afterGrantMs = sinceGrantMs - ageMs;
  return ageMs >= -toleranceMs && afterGrantMs >= -toleranceMs && afterGrantMs <= windowMs + toleranceMs;
}

function isCertainlyEarlier(record: TerminalRecord, view: TerminalView, { sinceGrantMs, toleranceMs }: DoubtFacts): boolean {
  const ageMs = ageOf(record, view);
  return ageMs !== null && ageMs > sinceGrantMs + toleranceMs;
}

function ageOf(record: TerminalRecord, { terminalNow }: TerminalView): number | null {
  const then = terminalTimeMs(record.terminalTime);
  const present = terminalTimeMs(terminalNow);
  return then === null || present === null ? null : present - then;
}

/** Milliseconds of a terminal's `YYYYMMDDhhmmss`, good for differences only; null when it is not one. */
export function terminalTimeMs(text: string | null): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text ?? '');
  if (!parts) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
