import type { Migration } from '@kkm/postgres';

/** Money that comes late, and giving money back (design-money, clauses 7, 10, 13 and 15). */
export const returns: Migration = {
  name: '0006-returns',
  sql: `
-- The site's setting as it was when the payment was opened; money that surfaced and is not decided about; when the ledger is next to decide.
alter table payment
  add column late_approval  text not null default 'keep' constraint payment_late_approval_known check (late_approval in ('keep', 'void')),
  add column surfaced_minor bigint not null default 0,
  add column decide_at      timestamptz;
update payment p set decide_at = now(),
  surfaced_minor = (select coalesce(sum(c.amount_minor), 0) from charge c where c.payment_id = p.id and c.disposition = 'undecided')
  where p.surfaced_undecided > 0;
create index payment_to_decide on payment (decide_at) where decide_at is not null;

-- Surfaced money was charged too, and may be given back like any other.
alter table payment drop constraint refunds_within_charge;
alter table payment add constraint refunds_within_charge check
  (refunded_minor >= 0 and refund_pending_minor >= 0 and surfaced_minor >= 0 and refunded_minor + refund_pending_minor <= charged_minor + surfaced_minor);

-- A return gives a charge of its own payment back; the reference of its bank is kept with it, because the terminal is asked by that.
alter table charge add constraint charge_of_payment unique (payment_id, result_id, attempt_id);
drop index charge_of_attempt;
alter table attempt
  add column original_attempt_id         text collate "C",
  add column original_result_id          text collate "C",
  add column original_rrn                text,
  add column original_authorisation_code text,
  add constraint return_of_own_charge foreign key (payment_id, original_result_id, original_attempt_id) references charge (payment_id, result_id, attempt_id),
  add constraint return_names_its_charge check (
    (operation = 'sale' and original_attempt_id is null and original_result_id is null and original_rrn is null)
    or (operation <> 'sale' and original_attempt_id is not null and original_result_id is not null and original_rrn is not null));

-- Operation 53 undoes whatever was last: it is asked for once per sale, ever.
create unique index one_reversal_per_sale on attempt (original_attempt_id) where operation = 'reversal';

-- One row per approval of a return: money that is with the guest again. A surfaced one came after its attempt had ended otherwise.
create table charge_return (
  id                 bigint generated always as identity primary key,
  payment_id         text collate "C" not null references payment,
  charge_result_id   text collate "C" not null references charge (result_id),
  attempt_id         text collate "C" not null references attempt,
  result_id          text collate "C" not null,
  amount_minor       bigint not null constraint return_amount_positive check (amount_minor > 0),
  rrn                text,
  authorisation_code text,
  bank_terminal_id   text,
  facts              json not null,
  surfaced           boolean not null,
  recorded_at        timestamptz not null default now(),
  constraint return_recorded_once unique (result_id)
);
create index return_of_charge on charge_return (charge_result_id);

-- Rows of one payment are written under the lock of its row, so the sum is the whole truth.
create function refuse_over_return() returns trigger language plpgsql as $$
begin
  if (select sum(amount_minor) from ledger.charge_return where charge_result_id = new.charge_result_id)
     > (select amount_minor from ledger.charge where result_id = new.charge_result_id) then
    raise exception 'more of charge % would be returned than was taken', new.charge_result_id
      using errcode = '23514', constraint = 'returns_within_charge';
  end if;
  return null;
end $$;
create trigger returns_within_charge after insert on charge_return for each row execute function refuse_over_return();
create function refuse_changed_return() returns trigger language plpgsql as $$
begin
  raise exception 'money given back is never forgotten' using errcode = '23514', constraint = 'return_immutable';
end $$;
create trigger return_immutable before update or delete on charge_return for each row execute function refuse_changed_return();

-- What was given back is not kept again.
create function refuse_revived_charge() returns trigger language plpgsql as $$
begin
  raise exception 'charge % was returned', old.result_id using errcode = '23514', constraint = 'returned_charge_final';
end $$;
create trigger returned_charge_final before update or delete on charge for each row when (old.disposition = 'returned') execute function refuse_revived_charge();
`,
};
