import type { PaymentCommand } from '@kkm/core';
import { approved } from './ledger-on-trial';
import type { LedgerOnTrial } from './ledger-on-trial';

/** A constraint, and two rows or changes of which it must refuse the second. `:payment` and `:attempt` stand for the ids of what was prepared. */
export interface ConstraintCase {
  readonly name: string;
  readonly promise: string;
  readonly prepare: (ledger: LedgerOnTrial) => Promise<PaymentCommand>;
  /** What must not be possible. It stands in the way of a double that `drop` lets in. */
  readonly double: string;
  readonly drop: string;
}

/** Inserts a copy of the payment, changed. */
export const copyPayment = (id: string, also = ''): string =>
  `insert into ledger.payment select (jsonb_populate_record(p, jsonb_build_object('id', '${id}'${also}))).* from ledger.payment p where id = :payment`;
/** Inserts a copy of the attempt, changed. */
export const copyAttempt = (changes: string): string =>
  `insert into ledger.attempt select (jsonb_populate_record(a, jsonb_build_object('id', 'att_double', ${changes}))).* from ledger.attempt a where id = :attempt`;

/** A payment that was charged. */
export const charged = (ledger: LedgerOnTrial): Promise<PaymentCommand> => ledger.paid(approved());
