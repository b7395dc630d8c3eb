import type { OrderConflict } from '@kkm/flow/ledger';
import { asksForRepeat, violatedConstraint } from '@kkm/postgres';
import { Unavailable } from '@kkm/core';

/** What it means when a constraint refuses a write that was decided on facts read before: somebody was faster. Constraints not listed are never to be met. */
const meanings: Readonly<Record<string, 'stale' | OrderConflict>> = {
  one_open_payment_per_order: 'order-busy',
  one_charge_per_order_and_amount: 'order-charged',
  one_live_sale_per_payment: 'stale',
  one_live_return_per_payment: 'stale',
  one_permit_per_terminal: 'stale',
  one_kept_charge_per_payment: 'stale',
  one_reversal_per_sale: 'stale',
  refunds_within_charge: 'stale',
  returns_within_charge: 'stale',
  return_recorded_once: 'stale',
  returned_charge_final: 'stale',
  attempt_number_taken: 'stale',
  idempotency_key_taken: 'stale',
  result_recorded_once: 'stale',
  charge_recorded_once: 'stale',
  evidence_numbered_once: 'stale',
  resolved_once: 'stale',
  resolution_immutable: 'stale',
  granted_once: 'stale',
  permit_immutable: 'stale',
  final_outcome_immutable: 'stale',
  qr_written_once: 'stale',
  qr_payload_immutable: 'stale',
};

/** The meaning of a refused write, or null for any other error. A deadlock's victim is decided anew as well. */
export function raceMeaning(error: unknown): 'stale' | OrderConflict | null {
  if (error instanceof Unavailable) return asksForRepeat(error.cause) ? 'stale' : null;
  const constraint = violatedConstraint(error);
  return constraint === null ? null : (meanings[constraint] ?? null);
}
