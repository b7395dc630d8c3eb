import { noBankFacts, type AttemptResult, type Evidence, type Outcome, type OutcomeReason, type PaymentCommand } from '@kkm/core';
import type { Clock, Ids } from './ports';

/** Who says it and when: the ports a result is made from. */
export interface ResultPorts {
  readonly workerId: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The part of a result that its caller knows. */
export interface ResultFacts {
  readonly nonce: string | null;
  readonly outcome: Outcome;
  readonly readFailures: number;
  readonly source: AttemptResult['source'];
  /** What the terminal was asked in recovery and said. */
  readonly evidence?: readonly Evidence[];
}

/** Makes a result with an id of its own; whoever repeats it repeats it as it is. */
export function makeResult(command: PaymentCommand, facts: ResultFacts, { workerId, clock, ids }: ResultPorts): AttemptResult {
  const { attemptId, paymentId, siteId, terminalId } = command;
  const at = new Date(clock.wallMs()).toISOString();
  return { resultId: ids.draw('res'), attemptId, paymentId, siteId, terminalId, workerId, ...facts, at };
}

/** An end without a charge that the worker itself knows of, not the bank. */
export function ended(kind: 'cancelled' | 'failed' | 'unknown', reason: OutcomeReason): Outcome {
  return { kind, reason, facts: noBankFacts };
}
