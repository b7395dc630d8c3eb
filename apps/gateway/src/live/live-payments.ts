import { notChargedStatuses } from '@kkm/core';
import type { Payment } from '@kkm/core';

/** Ends that were seen lately are kept this long: a payment may end before its caller begins to wait. */
const keepMs = 10_000;

/** Payments kept or timed at most. */
const keptMax = 10_000;

/** What counts as the end for somebody who waits. */
export type Ends = (payment: Payment) => boolean;

interface Waiter {
  readonly sinceSequence: number;
  readonly ends: Ends;
  readonly end: (payment: Payment) => void;
}

/** Whether nothing more will happen to the payment by itself. */
export function isFinal(payment: Payment): boolean {
  return payment.status === 'succeeded' || (notChargedStatuses as readonly string[]).includes(payment.status);
}

/** Whether the payment has ended, and no refund of it is open. */
export function isRefunded(payment: Payment): boolean {
  return isFinal(payment) && payment.attempts.every(({ operation, finishedAt }) => operation === 'sale' || finishedAt !== null);
}

/** The ends of payments as completion events tell them: lets callers wait, and times payments from accepted to final. */
export class LivePayments {
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readonly ended = new Map<string, { readonly payment: Payment; readonly atMs: number }>();
  private readonly begun = new Map<string, { readonly sequence: number; readonly atMs: number }>();

  /**
   * @param nowMs a clock that never goes back.
   * @param observe told the seconds from accepted to final of each payment this process opened.
   */
  constructor(
    private readonly nowMs: () => number,
    private readonly observe: (seconds: number, payment: Payment) => void,
  ) {}

  /** An attempt was opened here; its end is timed from now. */
  accepted(payment: Payment): void {
    this.begun.delete(payment.id);
    this.begun.set(payment.id, { sequence: payment.sequence, atMs: this.nowMs() });
    dropOldest(this.begun);
  }

  /** A completion event told this state of a payment. */
  heard(payment: Payment): void {
    if (!isFinal(payment)) return;
    this.time(payment);
    this.ended.delete(payment.id);
    this.ended.set(payment.id, { payment, atMs: this.nowMs() });
    dropOldest(this.ended);
    for (const waiter of this.waiters.get(payment.id) ?? []) if (payment.sequence >= waiter.sinceSequence && waiter.ends(payment)) waiter.end(payment);
  }

  /** Resolves with the first final state at or after `known` that `ends`, or null once `signal` aborts. */
  finalOf(known: Payment, signal: AbortSignal, ends: Ends = isFinal): Promise<Payment | null> {
    if (ends(known)) return Promise.resolve(known);
    const recent = this.recentEnd(known, ends);
    if (recent) return Promise.resolve(recent);
    return new Promise((resolve) => {
      const waiting = this.waiters.get(known.id) ?? new Set<Waiter>();
      const leave = (payment: Payment | null): void => {
        waiting.delete(waiter);
        if (waiting.size === 0) this.waiters.delete(known.id);
        resolve(payment);
      };
      const waiter: Waiter = { sinceSequence: known.sequence, ends, end: leave };
      waiting.add(waiter);
      this.waiters.set(known.id, waiting);
      if (signal.aborted) leave(null);
      else signal.addEventListener('abort', () => leave(null), { once: true });
    });
  }

  private recentEnd(known: Payment, ends: Ends): Payment | null {
    const recent = this.ended.get(known.id);
    return recent && ends(recent.payment) && recent.payment.sequence >= known.sequence && recent.atMs + keepMs > this.nowMs() ? recent.payment : null;
  }

  private time(payment: Payment): void {
    const begun = this.begun.get(payment.id);
    if (!begun || payment.sequence < begun.sequence) return;
    this.begun.delete(payment.id);
    this.observe((this.nowMs() - begun.atMs) / 1_000, payment);
  }
}

function dropOldest(kept: Map<string, unknown>): void {
  for (const id of kept.keys()) {
    if (kept.size <= keptMax) return;
    kept.delete(id);
  }
}
