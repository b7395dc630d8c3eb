import type { Payment } from '@kkm/core';
import { percentiles } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';

/** How long whole payments spent in each part of their way, in milliseconds: where the waiting is. */
export interface Stages {
  /** From before the request was written until the ledger opened the payment. */
  readonly opening: Percentiles;
  /** Command to the broker, to the worker, terminal linked, permit granted. */
  readonly untilPermit: Percentiles;
  /** Journal, terminal, journal again, result to the broker and into the ledger. */
  readonly untilRecorded: Percentiles;
  /** Commit, outbox, broker, event in hand. */
  readonly untilEvent: Percentiles;
}

/** One finished payment with the moments the load program took, on the wall clock. */
export interface TimedPayment {
  readonly payment: Payment;
  readonly sentAtWallMs: number;
  readonly eventAtWallMs: number;
}

/** Splits the way of payments by the times that KKM wrote into them; all processes share this machine's clock. */
export function stagesOf(timed: readonly TimedPayment[]): Stages {
  const times = timed.map(({ payment, sentAtWallMs, eventAtWallMs }) => {
    const [attempt] = payment.attempts;
    const [opened, granted, finished] = [payment.createdAt, attempt?.grantedAt, attempt?.finishedAt].map((text) => Date.parse(text ?? ''));
    return { sentAtWallMs, opened: opened ?? Number.NaN, granted: granted ?? Number.NaN, finished: finished ?? Number.NaN, eventAtWallMs };
  });
  return {
    opening: percentiles(times.map(({ sentAtWallMs, opened }) => opened - sentAtWallMs)),
    untilPermit: percentiles(times.map(({ opened, granted }) => granted - opened)),
    untilRecorded: percentiles(times.map(({ granted, finished }) => finished - granted)),
    untilEvent: percentiles(times.map(({ finished, eventAtWallMs }) => eventAtWallMs - finished)),
  };
}
