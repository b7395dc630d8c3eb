import { violatedConstraint } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { PaymentCommand } from '@kkm/core';
import type { QueryRunner } from 'typeorm';
import { charged, copyAttempt, copyPayment } from '../testing/constraint-case';
import type { ConstraintCase } from '../testing/constraint-case';
import { declined, LedgerOnTrial, unknown } from '../testing/ledger-on-trial';
import { moneyConstraints } from '../testing/money-constraints';
import { qrConstraints } from '../testing/qr-constraints';
import { webhookConstraints } from '../testing/webhook-constraints';

const queued = (ledger: LedgerOnTrial): Promise<PaymentCommand> => ledger.open();
const granted = async (ledger: LedgerOnTrial): Promise<PaymentCommand> => {
  const command = await ledger.open();
  await ledger.grant(command);
  return command;
};
const decided = async (ledger: LedgerOnTrial): Promise<PaymentCommand> => {
  const command = await ledger.paid(unknown);
  await ledger.resolve(command, false);
  return command;
};
const cases: readonly ConstraintCase[] = [
  ...moneyConstraints,
  ...qrConstraints,
  ...webhookConstraints,
  {
    name: 'one_live_sale_per_payment',
    promise: 'a payment has one live sale',
    prepare: charged,
    double: copyAttempt(`'number', 2, 'status', 'queued'`),
    drop: 'drop index ledger.one_live_sale_per_payment',
  },
  {
    name: 'one_permit_per_terminal',
    promise: 'a terminal has one attempt with a permit and no end',
    prepare: (ledger) => ledger.paid(unknown),
    double: `with p as (${copyPayment('pay_double', `, 'order_id', 'another'`)} returning id) ${copyAttempt(`'payment_id', 'pay_double', 'status', 'granted'`)}`,
    drop: 'drop index ledger.one_permit_per_terminal',
  },
  {
    name: 'attempt_number_taken',
    promise: 'attempts of a payment are numbered once',
    prepare: (ledger) => ledger.paid(declined),
    double: copyAttempt(`'number', 1`),
    drop: 'alter table ledger.attempt drop constraint attempt_number_taken',
  },
  {
    name: 'one_open_payment_per_order',
    promise: 'an order has one open payment, whatever its amount',
    prepare: granted,
    double: copyPayment('pay_double', `, 'amount_minor', 1`),
    drop: 'drop index ledger.one_open_payment_per_order',
  },
  {
    name: 'one_charge_per_order_and_amount',
    promise: 'an order is not opened again with an amount that was charged',
    prepare: charged,
    double: copyPayment('pay_double', `, 'status', 'pending', 'charged_minor', 0`),
    drop: 'drop index ledger.one_charge_per_order_and_amount',
  },
  {
    name: 'final_outcome_immutable',
    promise: 'a final outcome is never rewritten',
    prepare: (ledger) => ledger.paid(declined),
    double: `update ledger.attempt set status = 'approved', charged_minor = 1 where id = :attempt`,
    drop: 'drop trigger final_outcome_immutable on ledger.attempt',
  },
  {
    name: 'granted_once',
    promise: 'an attempt is granted once',
    prepare: granted,
    double: `insert into ledger.permit select attempt_id, 'nonce-2', worker_id, granted_at, lease_until from ledger.permit where attempt_id = :attempt`,
    drop: 'alter table ledger.permit drop constraint granted_once',
  },
  {
    name: 'permit_immutable',
    promise: 'a permit changes hands only when its lease has lapsed',
    prepare: granted,
    double: `update ledger.permit set nonce = 'nonce-2', take_overs = take_overs + 1, taken_over_at = lease_until - interval '1 second' where attempt_id = :attempt`,
    drop: 'drop trigger permit_immutable on ledger.permit',
  },
  {
    name: 'permit_kept',
    promise: 'a permit is never forgotten',
    prepare: granted,
    double: 'delete from ledger.permit where attempt_id = :attempt',
    drop: 'drop trigger permit_kept on ledger.permit',
  },
  {
    name: 'idempotency_key_taken',
    promise: 'a key opens one payment',
    prepare: queued,
    double: `insert into ledger.idempotency select site_id, key, 'other', 'pay_double', 'att_double' from ledger.idempotency where payment_id = :payment`,
    drop: 'alter table ledger.idempotency drop constraint idempotency_key_taken',
  },
  {
    name: 'result_recorded_once',
    promise: 'a result is recorded once',
    prepare: charged,
    double: 'insert into ledger.inbox select result_id from ledger.charge where payment_id = :payment',
    drop: 'alter table ledger.inbox drop constraint result_recorded_once',
  },
  {
    name: 'entry_balances',
    promise: 'every entry of the books adds up to nothing',
    prepare: charged,
    double: `insert into ledger.posting (entry_id, payment_id, account, amount_minor, currency) values ('odd', :payment, 'takings:club-1', -1, 'RUB')`,
    drop: 'drop trigger entry_balances on ledger.posting',
  },
  {
    name: 'posting_immutable',
    promise: 'postings are never changed',
    prepare: charged,
    double: 'update ledger.posting set amount_minor = amount_minor * 2 where payment_id = :payment',
    drop: 'drop trigger posting_immutable on ledger.posting',
  },
  {
    name: 'resolved_once',
    promise: 'an attempt is decided by one person, once',
    prepare: decided,
    double: `insert into ledger.resolution (attempt_id, payment_id, result_id, by_kind, by_id, by_name, charged, charged_minor, evidence, decided_at)
      select attempt_id, payment_id, 'res_double', by_kind, 'key_2', 'another', true, 1, evidence, decided_at from ledger.resolution where attempt_id = :attempt`,
    drop: 'alter table ledger.resolution drop constraint resolved_once',
  },
  {
    name: 'resolution_immutable',
    promise: 'a person’s decision is never rewritten',
    prepare: decided,
    double: `update ledger.resolution set charged = true, charged_minor = 1 where attempt_id = :attempt`,
    drop: 'drop trigger resolution_immutable on ledger.resolution',
  },
  {
    name: 'answer_whole',
    promise: 'a terminal’s answer is kept whole',
    prepare: decided,
    double: `update ledger.resolution set agrees = true where attempt_id = :attempt`,
    drop: 'alter table ledger.resolution drop constraint answer_whole',
  },
  {
    name: 'evidence_immutable',
    promise: 'evidence stays as it was said',
    prepare: charged,
    double: `update ledger.evidence set said = 'declined', times = times + 1 where attempt_id = :attempt`,
    drop: 'drop trigger evidence_immutable on ledger.evidence',
  },
  {
    name: 'evidence_numbered_once',
    promise: 'evidence is never overwritten by later evidence',
    prepare: charged,
    double: `insert into ledger.evidence (attempt_id, seq, kind, asked, said, at, last_at) select attempt_id, seq, kind, asked, 'declined', at, last_at from ledger.evidence where attempt_id = :attempt`,
    drop: 'alter table ledger.evidence drop constraint evidence_numbered_once',
  },
];

describeWith(['database'], 'what the database refuses by itself', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
  });
  afterAll(async () => {
    await ledger.close();
    await database.dispose();
  });

  /** Tries the double in a transaction that is undone, after `first`; returns the constraint that refused it, or null when it went through. */
  async function tryDouble(first: string, one: ConstraintCase, command: PaymentCommand): Promise<string | null> {
    const runner: QueryRunner = ledger.dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query(first);
      await runner.query(one.double.replaceAll(':payment', `'${command.paymentId}'`).replaceAll(':attempt', `'${command.attemptId}'`));
      await runner.query('set constraints all immediate');
      return null;
    } catch (error) {
      const name = violatedConstraint(error instanceof Error && 'driverError' in error ? error.driverError : error);
      if (name === null) throw error;
      return name;
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  it.each(cases)('$promise ($name)', async (one) => {
    const command = await one.prepare(ledger);
    expect(await tryDouble('select 1', one, command)).toBe(one.name);
    // Without the constraint the double goes in: it is this one that refuses, and nothing else would.
    expect(await tryDouble(one.drop, one, command)).toBeNull();
  });

  it('names every constraint and unique index that the ledger relies on', async () => {
    // The library that schedules jobs keeps its own tables beside the ledger's, and calls them so.
    const rows = await ledger.rows<{ name: string }>(`
      with own as (select oid from pg_class where relnamespace = 'ledger'::regnamespace and relname not like '\\_private\\_%')
      select conname as name from pg_constraint where conrelid in (select oid from own) and contype in ('t') union
      select indexrelid::regclass::text from pg_index where indrelid in (select oid from own) and indisunique and not indisprimary union
      select tgname from pg_trigger where tgrelid in (select oid from own) and not tgisinternal`);
    const tried = new Set(cases.map((one) => one.name));
    const untried = rows.map((row) => row.name.replace('ledger.', '')).filter((name) => !tried.has(name));
    // The first makes pages quick; the second is what `return_of_own_charge` refers to, and another is unique already.
    expect(untried.sort()).toEqual(['charge_of_payment', 'event_feed']);
  });
});
