import type { Migration } from '@kkm/postgres';

/** Payments and their attempts, with the constraints that keep a guest from being charged twice (design chapter 4). */
export const payments: Migration = {
  name: '0001-payments',
  sql: `
create table payment (
  id                   text collate "C" primary key,
  site_id              text collate "C" not null,
  order_id             text not null,
  register_id          text,
  terminal_id          text collate "C" not null,
  amount_minor         bigint not null constraint payment_amount_positive check (amount_minor > 0),
  currency             text not null,
  method               text not null,
  status               text not null constraint payment_status_known check
                         (status in ('pending', 'in_progress', 'in_doubt', 'succeeded', 'declined', 'cancelled', 'expired', 'failed')),
  charged_minor        bigint not null default 0,
  refunded_minor       bigint not null default 0,
  refund_pending_minor bigint not null default 0,
  cancel_requested     text constraint cancel_requested_known check (cancel_requested in ('pending', 'too_late', 'done')),
  order_exclusive      boolean not null,
  surfaced_undecided   integer not null default 0,
  sequence             integer not null,
  metadata             json not null,
  created_at           timestamptz not null,
  updated_at           timestamptz not null,
  expires_at           timestamptz not null,
  closed_at            timestamptz,
  constraint refunds_within_charge check
    (refunded_minor >= 0 and refund_pending_minor >= 0 and refunded_minor + refund_pending_minor <= charged_minor)
);

-- The same bill under two ids. Rows that must be recorded whatever the order holds have order_exclusive = false.
create unique index one_open_payment_per_order on payment (site_id, order_id)
  where order_exclusive and status in ('pending', 'in_progress', 'in_doubt');
create unique index one_charge_per_order_and_amount on payment (site_id, order_id, amount_minor)
  where order_exclusive and (status in ('pending', 'in_progress', 'in_doubt') or (status = 'succeeded' and refunded_minor < charged_minor));
create index payment_by_site on payment (site_id, id);
create index payment_by_order on payment (site_id, order_id, id);

create table attempt (
  id                  text collate "C" primary key,
  payment_id          text collate "C" not null references payment,
  number              integer not null,
  operation           text not null constraint attempt_operation_known check (operation in ('sale', 'void', 'refund', 'reversal')),
  method              text not null,
  money_path          text not null constraint attempt_money_path_known check (money_path in ('terminal', 'bank_qr')),
  site_id             text collate "C" not null,
  terminal_id         text collate "C" not null,
  amount_minor        bigint not null constraint attempt_amount_positive check (amount_minor > 0),
  charged_minor       bigint not null default 0,
  status              text not null constraint attempt_status_known check
                        (status in ('queued', 'granted', 'approved', 'declined', 'cancelled', 'failed', 'unknown', 'expired', 'withdrawn')),
  reason              text,
  message             text,
  host_response_code  text,
  card                json,
  rrn                 text,
  authorisation_code  text,
  bank_terminal_id    text,
  merchant_id         text,
  terminal_time       text,
  slip                text,
  read_failures       integer not null default 0,
  qr_payload          text,
  qr_expires_at       timestamptz,
  expires_at          timestamptz not null,
  created_at          timestamptz not null,
  granted_at          timestamptz,
  finished_at         timestamptz,
  constraint attempt_number_taken unique (payment_id, number)
);

create unique index one_live_sale_per_payment on attempt (payment_id)
  where operation = 'sale' and status in ('queued', 'granted', 'unknown', 'approved');
create unique index one_live_return_per_payment on attempt (payment_id)
  where operation in ('void', 'refund', 'reversal') and status in ('queued', 'granted', 'unknown');
create unique index one_permit_per_terminal on attempt (site_id, terminal_id)
  where money_path = 'terminal' and status in ('granted', 'unknown');
create index attempt_waiting on attempt (expires_at) where status = 'queued';
create index attempt_in_doubt on attempt (site_id) where status = 'unknown';

-- An outcome is never rewritten: money that surfaces later is a charge of its own.
create function refuse_rewritten_outcome() returns trigger language plpgsql as $$
begin
  raise exception 'the final outcome of attempt % is never rewritten', old.id
    using errcode = '23514', constraint = 'final_outcome_immutable';
end $$;
create trigger final_outcome_immutable before update or delete on attempt for each row
  when (old.status in ('approved', 'declined', 'cancelled', 'failed', 'expired', 'withdrawn'))
  execute function refuse_rewritten_outcome();
`,
};
