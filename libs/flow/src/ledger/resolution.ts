import { check } from '@kkm/core';
import type { Attempt, BankFacts, Conflict, Decision, Evidence, Outcome, Resolution, TerminalWord } from '@kkm/core';

/** The terminal's first answer about an attempt that a person had decided. Later ones are told by the charges and the evidence. */
export interface TerminalSaid {
  readonly at: string;
  readonly outcome: Exclude<Outcome['kind'], 'unknown'>;
  /** Minor units; 0 unless approved. */
  readonly chargedMinor: number;
  readonly agrees: boolean;
  readonly facts: BankFacts;
  readonly evidence: Evidence;
}

/** A person's decision as the ledger keeps it. */
export interface ResolutionRecord extends Decision {
  /** Names the decision; also the charge that it made. */
  readonly resultId: string;
  /** Null while the terminal's own answer is awaited: recovery goes on until then (design-money, clause 9). */
  readonly terminal: TerminalSaid | null;
}

/** What a change does to a decision: it is made, or the terminal has answered. Both happen once. */
export interface ResolutionWrite {
  readonly kind: 'decided' | 'answered';
  readonly attemptId: string;
  readonly record: ResolutionRecord;
}

/** What an attempt shows of itself; the rest is shown from what else is recorded of it. */
export type StoredAttempt = Omit<Attempt, 'resolvedBy' | 'doubtedAt'>;

/** An attempt with the decision about it. */
export interface DecidedAttempt {
  readonly shown: StoredAttempt;
  readonly doubtedAtMs: number | null;
  readonly resolution: ResolutionRecord | null;
}

/** Whether recovery is still to ask the terminal about an attempt that a person decided. */
export function awaitsTerminal({ resolution }: DecidedAttempt): boolean {
  return resolution !== null && resolution.terminal === null;
}

/** The attempt as the contract shows it. What a confirming terminal told is shown where the person had nothing to write. */
export function showAttempt({ shown, doubtedAtMs, resolution }: DecidedAttempt): Attempt {
  const doubtedAt = doubtedAtMs === null ? null : new Date(doubtedAtMs).toISOString();
  if (!resolution) return { ...shown, doubtedAt, resolvedBy: null };
  const { terminal } = resolution;
  const told = terminal?.agrees && terminal.outcome === 'approved' ? shownFacts(terminal.facts) : {};
  return { ...shown, ...told, doubtedAt, resolvedBy: showResolution(resolution) };
}

/** What an attempt shows of what the bank or the terminal said. */
export function shownFacts({ message, hostResponseCode, card, rrn, authorisationCode, bankTerminalId, slip }: BankFacts) {
  return { message, hostResponseCode, card, rrn, authorisationCode, bankTerminalId, slip };
}

/** The conflicts between people and terminals about these attempts. */
export function conflictsOf(attempts: readonly DecidedAttempt[]): readonly Conflict[] {
  return attempts.flatMap(({ shown, resolution }) => {
    if (!resolution?.terminal || resolution.terminal.agrees) return [];
    const { at, outcome, chargedMinor, evidence } = resolution.terminal;
    const terminal = { charged: outcome === 'approved', chargedAmount: chargedMinor, evidence };
    return [{ attemptId: shown.id, at, person: decisionOf(resolution), terminal }];
  });
}

/** The decision with the terminal's answer written into it. */
export function answered({ shown, resolution }: DecidedAttempt, said: TerminalSaid): ResolutionWrite {
  check(resolution && !resolution.terminal, 'a terminal answers a person’s decision once');
  return { kind: 'answered', attemptId: shown.id, record: { ...resolution, terminal: said } };
}

function showResolution(resolution: ResolutionRecord): Resolution {
  return { ...decisionOf(resolution), terminal: wordOf(resolution) };
}

function decisionOf({ by, at, charged, chargedAmount, evidence }: ResolutionRecord): Decision {
  return { by, at, charged, chargedAmount, evidence };
}

function wordOf({ terminal }: ResolutionRecord): TerminalWord {
  if (!terminal) return 'awaited';
  return terminal.agrees ? 'confirmed' : 'contradicted';
}
