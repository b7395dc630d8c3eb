import type { PaymentCommand, TerminalRecord } from '@kkm/core';

/** What a record of the terminal is held against. */
export interface MatchFacts {
  readonly command: PaymentCommand;
  /** The command's attempt id as the protocol carries it. */
  readonly reference: string;
  /** Wall-clock milliseconds since the permit was granted, or asked for. */
  readonly sinceGrantMs: number;
  /** What the link test just said: the bank's id of this terminal and its clock. */
  readonly bankTerminalId: string | null;
  readonly terminalNow: string | null;
  readonly toleranceMs: number;
  /** Whether an approval with this RRN belongs to another attempt. */
  readonly isTaken: (rrn: string) => boolean;
}

/** `ours`, or why it is not known to be ours: evidence for a person, never proof that nothing was charged. */
export type Match = { readonly kind: 'ours' } | { readonly kind: 'open'; readonly why: string };

const ours: Match = { kind: 'ours' };

/**
 * Holds the terminal's last operation against the attempt. Where the protocol returns our reference, that with the terminal and an amount not above ours decides.
 * Elsewhere amount, terminal, time and an RRN not recorded before must fit, with nothing foreign in between (design chapter 4); `operations`, the terminal's
 * report, shows that, and is null where it was not or could not be read.
 */
export function matchRecord(record: TerminalRecord, operations: readonly TerminalRecord[] | null, facts: MatchFacts): Match {
  if (!record.approved) return open('the last operation was not approved');
  if (record.operation !== facts.command.operation) return open('the last operation is of another kind');
  if (record.bankTerminalId === null || record.bankTerminalId !== facts.bankTerminalId) return open('the bank terminal id is missing or another');
  if (record.amountMinor === null || record.amountMinor <= 0) return open('the last operation has no amount');
  if (record.rrn !== null && facts.isTaken(record.rrn)) return open('the RRN belongs to another attempt');
  return record.reference === null ? matchByFacts(record, operations, facts) : matchByReference(record, facts);
}

/** Whether {@link matchRecord} needs the report for this record. */
export function needsReport(record: TerminalRecord): boolean {
  return record.reference === null;
}

function matchByReference(record: TerminalRecord, facts: MatchFacts): Match {
  if (record.reference !== facts.reference) return open('the last operation carries another reference');
  return (record.amountMinor ?? Infinity) <= facts.command.amount ? ours : open('the last operation has a higher amount');
}

function matchByFacts(record: TerminalRecord, operations: readonly TerminalRecord[] | null, facts: MatchFacts): Match {
  const { rrn } = record;
  if (record.amountMinor !== facts.command.amount) return open('the last operation has another amount');
  if (rrn === null) return open('the RRN is missing');
  if (!isSinceGrant(record, facts)) return open('the time is missing or before the permit');
  if (operations === null) return open('the report could not be read');
  if (!operations.some((operation) => operation.rrn === rrn)) return open('the report does not show the operation');
  const foreign = operations.some((other) => other.rrn !== rrn && !isKnownEarlier(other, facts));
  return foreign ? open('another operation was made since the permit') : ours;
}

function open(why: string): Match {
  return { kind: 'open', why };
}

/** By the terminal's own clock on both sides: its time zone and its error do not matter. */
function isSinceGrant(record: TerminalRecord, facts: MatchFacts): boolean {
  const ageMs = ageOf(record, facts);
  return ageMs !== null && ageMs >= -facts.toleranceMs && ageMs <= facts.sinceGrantMs + facts.toleranceMs;
}

/** An operation of another attempt, or one certainly made before the permit. */
function isKnownEarlier(other: TerminalRecord, facts: MatchFacts): boolean {
  if (other.rrn !== null && facts.isTaken(other.rrn)) return true;
  const ageMs = ageOf(other, facts);
  return ageMs !== null && ageMs > facts.sinceGrantMs + facts.toleranceMs;
}

function ageOf(record: TerminalRecord, facts: MatchFacts): number | null {
  const then = terminalTimeMs(record.terminalTime);
  const present = terminalTimeMs(facts.terminalNow);
  return then === null || present === null ? null : present - then;
}

/** Milliseconds of a terminal's `YYYYMMDDhhmmss`, good for differences only; null when it is not one. */
export function terminalTimeMs(text: string | null): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text ?? '');
  if (!parts) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
