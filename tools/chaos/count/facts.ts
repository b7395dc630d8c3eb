import type { Attempt, Payment } from '@kkm/core';
import type { StrikeKind } from '../plan/strikes';

/** A row of the virtual bank's own books (`GET /bank/transactions`): what moved money and nothing else. */
export interface BankTransaction {
  readonly rrn: string;
  readonly terminalId: string;
  readonly kind: 'sale' | 'void' | 'refund' | 'reversal';
  readonly amount: number;
  readonly reversed: boolean;
  readonly foreign: boolean;
  readonly at: string;
  /** The attempt's id as the terminal's protocol carries it; null where there was none. */
  readonly reference: string | null;
}

/** A blow that fell. Times are milliseconds since 1970, on the clock that all processes of the run share. */
export interface Strike {
  readonly kind: StrikeKind;
  /** What it fell on: a service, a server, a terminal. */
  readonly target: string;
  /** Terminals whose payments it could hurt. */
  readonly terminalIds: readonly string[];
  readonly atMs: number;
  /** When it was over: link back, process ready again or awake. */
  readonly untilMs: number;
  /** Whether recovery was impossible meanwhile: what it needs of links and processes was away. */
  readonly blocksRecovery: boolean;
}

/** A message that was put where a person sees it. */
export interface ParkedMessage {
  readonly reason: string;
  readonly queue: string;
  /** Null when the message names none. */
  readonly paymentId: string | null;
}

/** An attempt that was granted, with the moments that count. Null: not yet. */
export interface GrantedAttempt {
  readonly paymentId: string;
  readonly attemptId: string;
  readonly terminalId: string;
  readonly grantedAtMs: number;
  /** When the ledger first told that it is in doubt; null when it never was. */
  readonly inDoubtAtMs: number | null;
  readonly finishedAtMs: number | null;
  /** A person decided it: recovery could not, and was not meant to. */
  readonly decidedByPerson: boolean;
}

/** The granted sales of the payments. `inDoubtSince`: by attempt, from the completion events. */
export function grantedAttempts(payments: readonly Payment[], inDoubtSince: ReadonlyMap<string, number>): readonly GrantedAttempt[] {
  return payments.flatMap((payment) => payment.attempts.flatMap((attempt) => grantedAttempt(payment, attempt, inDoubtSince)));
}

function grantedAttempt(payment: Payment, attempt: Attempt, inDoubtSince: ReadonlyMap<string, number>): readonly GrantedAttempt[] {
  if (attempt.grantedAt === null || attempt.operation !== 'sale') return [];
  return [
    {
      paymentId: payment.id,
      attemptId: attempt.id,
      terminalId: attempt.terminalId,
      grantedAtMs: Date.parse(attempt.grantedAt),
      inDoubtAtMs: inDoubtSince.get(attempt.id) ?? null,
      finishedAtMs: attempt.finishedAt === null ? null : Date.parse(attempt.finishedAt),
      decidedByPerson: attempt.resolvedBy !== null,
    },
  ];
}
