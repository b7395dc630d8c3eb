import type { PaymentCommand } from '@kkm/core';
import { charged, copyAttempt } from './constraint-case';
import type { ConstraintCase } from './constraint-case';
import { approved } from './ledger-on-trial';
import type { LedgerOnTrial } from './ledger-on-trial';

const otherCharge = (column: string): string => `select ${column} from ledger.charge where payment_id <> :payment order by id desc limit 1`;
const copyReturn = (changes: string): string =>
  `insert into ledger.charge_return overriding system value select (jsonb_populate_record(r, jsonb_build_object('id', -1, 'result_id', 'res_double') || jsonb_build_object(${changes}))).* from ledger.charge_return r where payment_id = :payment`;

const twiceCharged = async (ledger: LedgerOnTrial): Promise<PaymentCommand> => {
  await charged(ledger);
  return charged(ledger);
};
const returned = async (ledger: LedgerOnTrial): Promise<PaymentCommand> => {
  const command = await ledger.voiding();
  await ledger.recording.execute(ledger.result(command, await ledger.grant(command), approved(15_000, '828913349374')));
  return command;
};

/** What the database refuses about charges, and about giving them back. */
export const moneyConstraints: readonly ConstraintCase[] = [
  {
    name: 'one_live_return_per_payment',
    promise: 'a payment has one open return',
    prepare: (ledger) => ledger.voiding(),
    double: copyAttempt(`'number', 3, 'operation', 'refund', 'status', 'unknown', 'terminal_id', 'another'`),
    drop: 'drop index ledger.one_live_return_per_payment',
  },
  {
    name: 'refunds_within_charge',
    promise: 'refunds made and in flight never exceed the charge',
    prepare: charged,
    double: 'update ledger.payment set refunded_minor = charged_minor, refund_pending_minor = 1 where id = :payment',
    drop: 'alter table ledger.payment drop constraint refunds_within_charge',
  },
  {
    name: 'return_names_its_charge',
    promise: 'a return says which charge it gives back',
    prepare: charged,
    double: copyAttempt(`'number', 2, 'operation', 'void', 'status', 'queued'`),
    drop: 'alter table ledger.attempt drop constraint return_names_its_charge',
  },
  {
    name: 'return_of_own_charge',
    promise: 'a return gives back a charge of its own payment',
    prepare: twiceCharged,
    double: copyAttempt(`'number', 2, 'operation', 'void', 'status', 'queued', 'original_rrn', '1',
      'original_attempt_id', (${otherCharge('attempt_id')}), 'original_result_id', (${otherCharge('result_id')})`),
    drop: 'alter table ledger.attempt drop constraint return_of_own_charge',
  },
  {
    name: 'one_reversal_per_sale',
    promise: 'a sale is reversed once, ever',
    prepare: async (ledger) => {
      const command = await ledger.voiding();
      await ledger.rows(`update ledger.attempt set operation = 'reversal', status = 'failed' where id = $1`, [command.attemptId]);
      return command;
    },
    double: copyAttempt(`'number', 3, 'status', 'queued'`),
    drop: 'drop index ledger.one_reversal_per_sale',
  },
  {
    name: 'returns_within_charge',
    promise: 'no more is given back of a charge than it took',
    prepare: returned,
    double: copyReturn(`'amount_minor', 1`),
    drop: 'drop trigger returns_within_charge on ledger.charge_return',
  },
  {
    name: 'return_recorded_once',
    promise: 'a result gives back once',
    prepare: async (ledger) => {
      const command = await returned(ledger);
      await ledger.rows('alter table ledger.charge disable trigger returned_charge_final');
      await ledger.rows('update ledger.charge set amount_minor = amount_minor * 2 where payment_id = $1', [command.paymentId]);
      await ledger.rows('alter table ledger.charge enable trigger returned_charge_final');
      return command;
    },
    double: copyReturn(`'result_id', r.result_id`),
    drop: 'alter table ledger.charge_return drop constraint return_recorded_once',
  },
  {
    name: 'return_immutable',
    promise: 'money given back is never forgotten',
    prepare: returned,
    double: 'delete from ledger.charge_return where payment_id = :payment',
    drop: 'drop trigger return_immutable on ledger.charge_return',
  },
  {
    name: 'returned_charge_final',
    promise: 'a charge that was given back is not kept again',
    prepare: returned,
    double: `update ledger.charge set disposition = 'kept' where payment_id = :payment`,
    drop: 'drop trigger returned_charge_final on ledger.charge',
  },
  {
    name: 'charge_recorded_once',
    promise: 'a result charges once',
    prepare: twiceCharged,
    double: `insert into ledger.charge (payment_id, attempt_id, result_id, amount_minor, facts, surfaced, disposition)
      select payment_id, attempt_id, (${otherCharge('result_id')}), amount_minor, facts, true, 'undecided' from ledger.charge where payment_id = :payment`,
    drop: 'alter table ledger.charge drop constraint charge_recorded_once cascade',
  },
  {
    name: 'one_kept_charge_per_payment',
    promise: 'a payment keeps one charge',
    prepare: charged,
    double: `insert into ledger.charge (payment_id, attempt_id, result_id, amount_minor, facts, surfaced, disposition)
      select payment_id, attempt_id, 'res_double', amount_minor, facts, true, 'kept' from ledger.charge where payment_id = :payment`,
    drop: 'drop index ledger.one_kept_charge_per_payment',
  },
];
