import type { Attempt, Method, Payment } from '@kkm/core';
import type { Scope } from '@kkm/contracts';

/** What a person may have done with a payment now, by its state and his role. The door decides again. */
export interface Acts {
  readonly redo: boolean;
  readonly cancel: boolean;
  /** The method that the guest can change over to; null when there is none. */
  readonly switchTo: 'card' | 'sbp_qr' | null;
  /** Minor units that can be given back; null when nothing can, now. */
  readonly refundMax: number | null;
  /** The attempt in doubt that a person may decide; null when there is none. */
  readonly resolve: Attempt | null;
  readonly close: boolean;
}

/** Says what can be done. */
export function actsOf(payment: Payment, may: (scope: Scope) => boolean): Acts {
  const writes = may('payments:write');
  const open = openSaleOf(payment);
  const decides = may('payments:resolve') || may('admin');
  return {
    redo: writes && payment.redoable,
    cancel: writes && open !== null && !isStopping(payment),
    switchTo: writes && open !== null && !isStopping(payment) ? switchOf(payment, open.method) : null,
    refundMax: writes ? refundMaxOf(payment) : null,
    resolve: (decides && payment.attempts.find(({ operation, status }) => operation === 'sale' && status === 'unknown')) || null,
    close: writes && payment.redoable && payment.closedAt === null,
  };
}

/** Whether something goes on by itself: the end is still to come. */
export function isMoving({ attempts, surfaced }: Payment): boolean {
  const open = attempts.some(({ status }) => status === 'queued' || status === 'granted' || status === 'unknown');
  return open || surfaced.some(({ disposition }) => disposition === 'undecided');
}

/** The sale that is on its way, or on the terminal; null when none is. */
export function openSaleOf({ attempts }: Payment): Attempt | null {
  return attempts.find(({ operation, status }) => operation === 'sale' && (status === 'queued' || status === 'granted')) ?? null;
}

/** A stop that is asked for, whatever is to follow. */
function isStopping({ cancelRequested, switchTo }: Payment): boolean {
  return cancelRequested === 'pending' || switchTo !== null;
}

function switchOf({ method }: Payment, now: Method): 'card' | 'sbp_qr' | null {
  if (method !== 'card_or_sbp_qr' || now === 'card_or_sbp_qr') return null;
  return now === 'card' ? 'sbp_qr' : 'card';
}

function refundMaxOf(payment: Payment): number | null {
  // One return at a time; the sum of those in doubt counts, so nothing is offered until the last one is known.
  if (payment.attempts.some(({ status }) => status === 'queued' || status === 'granted' || status === 'unknown')) return null;
  const kept = payment.chargedAmount - payment.refundedAmount;
  return kept > 0 ? kept : null;
}
