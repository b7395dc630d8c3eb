import type { Migration } from '@kkm/postgres';

/** What makes repeats harmless (keys, inbox), what moved money (charges), and the books about it (postings). */
export const requestsAndBooks: Migration = {
  name: '0003-requests-and-books',
  sql: `
create table idempotency (
  site_id     text collate "C" not null,
  key         text collate "C" not null,
  fingerprint text not null,
  payment_id  text collate "C" not null,
  attempt_id  text collate "C" not null,
  used_at     timestamptz not null default now(),
  constraint idempotency_key_taken primary key (site_id, key)
);

create table inbox (
  result_id   text collate "C" constraint result_recorded_once primary key,
  recorded_at timestamptz not null default now()
);

-- One row per approval. A surfaced one came after its attempt had ended otherwise and waits for a decision.
create table charge (
  id                 bigint generated always as identity primary key,
  payment_id         text collate "C" not null references payment,
  attempt_id         text collate "C" not null references attempt,
  result_id          text collate "C" not null,
  amount_minor       bigint not null,
  rrn                text,
  authorisation_code text,
  bank_terminal_id   text,
  facts              json not null,
  surfaced           boolean not null,
  disposition        text not null constraint charge_disposition_known check (disposition in ('kept', 'undecided', 'returned')),
  recorded_at        timestamptz not null default now(),
  constraint charge_recorded_once unique (result_id)
);
create unique index one_kept_charge_per_payment on charge (payment_id) where disposition = 'kept';
create index charge_of_attempt on charge (attempt_id);

-- A result whose attempt is not known here: after a restore it may be a charge, so it waits for a person.
create table orphan_result (
  result_id   text collate "C" primary key,
  attempt_id  text not null,
  site_id     text collate "C" not null,
  body        json not null,
  received_at timestamptz not null default now()
);

-- Double entry: debit is positive, credit negative, and every entry adds up to nothing.
create table posting (
  id           bigint generated always as identity primary key,
  entry_id     text collate "C" not null,
  payment_id   text collate "C" not null,
  account      text collate "C" not null,
  amount_minor bigint not null constraint posting_amount_not_zero check (amount_minor <> 0),
  currency     text not null,
  posted_at    timestamptz not null default now()
);
create index posting_of_entry on posting (entry_id);
create index posting_of_account on posting (account, id);

create function refuse_unbalanced_entry() returns trigger language plpgsql as $$
begin
  if exists (select from ledger.posting where entry_id = new.entry_id group by currency having sum(amount_minor) <> 0) then
    raise exception 'entry % does not balance', new.entry_id using errcode = '23514', constraint = 'entry_balances';
  end if;
  return null;
end $$;
create constraint trigger entry_balances after insert on posting
  deferrable initially deferred for each row execute function refuse_unbalanced_entry();
create function refuse_changed_posting() returns trigger language plpgsql as $$
begin
  raise exception 'postings are never changed, only reversed by further ones' using errcode = '23514', constraint = 'posting_immutable';
end $$;
create trigger posting_immutable before update or delete on posting for each row execute function refuse_changed_posting();
`,
};
