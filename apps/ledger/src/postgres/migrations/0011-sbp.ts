import type { Migration } from '@kkm/postgres';

/** QRs that banks are asked for, the banks of sites, and changing over (design-money, clauses 4, 19 and 20). */
export const sbp: Migration = {
  name: '0011-sbp',
  sql: `
-- One row per sale through a bank. A QR is money asked for: what its bank was asked, and what it made, is written once.
create table qr (
  attempt_id      text collate "C" constraint one_qr_per_attempt primary key references attempt,
  bank            text not null constraint qr_bank_known check (bank in ('raiffeisen', 'tkassa')),
  stage           text not null constraint qr_stage_known check (stage in ('planned', 'asked', 'open', 'ending', 'dead', 'paid', 'lost')),
  window_ms       integer not null constraint qr_window_positive check (window_ms > 0),
  asked_at        timestamptz,
  qr_id           text,
  bank_expires_at timestamptz,
  show_until      timestamptz,
  end_reason      text,
  ending_since    timestamptz,
  next_ask_at     timestamptz,
  asks            integer not null default 0,
  watch_until     timestamptz,
  transaction_id  text,
  constraint shown_qr_is_known check (stage <> 'open' or (asked_at is not null and qr_id is not null and show_until is not null))
);
create index qr_to_ask on qr (next_ask_at) where next_ask_at is not null;

create function refuse_rewritten_qr() returns trigger language plpgsql as $$
begin
  raise exception 'what was asked of the bank for attempt %, and what came of it, is written once', old.attempt_id
    using errcode = '23514', constraint = 'qr_written_once';
end $$;
create trigger qr_written_once before update on qr for each row
  when (new.attempt_id <> old.attempt_id or new.bank <> old.bank
    or (old.asked_at is not null and new.asked_at is distinct from old.asked_at)
    or (old.qr_id is not null and new.qr_id is distinct from old.qr_id)
    or (old.stage in ('paid', 'lost') and new.stage <> old.stage))
  execute function refuse_rewritten_qr();
create function refuse_deleted_qr() returns trigger language plpgsql as $$
begin
  raise exception 'the QR of attempt % is kept for ever', old.attempt_id
    using errcode = '23514', constraint = 'qr_kept';
end $$;
create trigger qr_kept before delete on qr for each row execute function refuse_deleted_qr();
create function refuse_changed_payload() returns trigger language plpgsql as $$
begin
  raise exception 'the guest of attempt % was shown another QR', old.id
    using errcode = '23514', constraint = 'qr_payload_immutable';
end $$;
create trigger qr_payload_immutable before update on attempt for each row
  when (old.qr_payload is not null and new.qr_payload is distinct from old.qr_payload)
  execute function refuse_changed_payload();

-- What holds a terminal while it is shown, and what the ledger itself gives back.
create index attempt_showing_qr on attempt (site_id, terminal_id) where money_path = 'bank_qr' and status = 'granted';
create index attempt_bank_return on attempt (id) where money_path = 'bank_qr' and operation <> 'sale' and status in ('queued', 'granted', 'unknown');

-- What the guest changed over to, and how long a QR opened for it may be paid.
alter table payment
  add column switch_to        text constraint switch_to_known check (switch_to in ('card', 'sbp_qr')),
  add column switch_window_ms integer;

-- The bank's own word is evidence, too.
alter table evidence drop constraint evidence_kind_known;
alter table evidence add constraint evidence_kind_known check (kind in ('answer', 'link-test', 'last-result', 'report', 'person', 'bank'));

-- Contracts with banks. New QRs are asked of the active one; the others stay, because their QRs are still watched and refunded.
create table sbp_account (
  site_id       text collate "C" not null,
  bank          text not null constraint sbp_bank_known check (bank in ('raiffeisen', 'tkassa')),
  base_url      text not null,
  merchant_id   text not null,
  -- Sealed to the ledger's key, which is not in the database.
  sealed_secret text not null,
  active        boolean not null,
  changed_at    timestamptz not null,
  changed_by    text not null,
  primary key (site_id, bank)
);
create unique index one_active_bank_per_site on sbp_account (site_id) where active;
`,
};
