import type { Migration } from '@kkm/postgres';

/** What must be known before anything is charged by books that were restored from a backup (design-money, clause 12). */
export const afterRestore: Migration = {
  name: '0019-after-restore',
  sql: `
-- Written by whoever takes a backup, just before: a restored database finds here how old it is.
create table backup (
  taken_at timestamptz not null default clock_timestamp()
);

create table restore (
  id           integer generated always as identity primary key,
  backed_up_at timestamptz not null,
  restored_at  timestamptz not null default clock_timestamp()
);

-- How each terminal stands since the newest restore; one that has no row of it was not asked yet.
create table terminal_after_restore (
  site_id     text collate "C" not null,
  terminal_id text collate "C" not null,
  restore_id  integer not null references restore,
  state       text not null constraint after_restore_state_known check (state in ('compared', 'held', 'released')),
  asked_at    timestamptz,
  decided_by  text,
  evidence    text,
  primary key (site_id, terminal_id),
  constraint release_has_a_reason check (state <> 'released' or (decided_by is not null and evidence is not null))
);

-- Operations that a terminal shows and the restored books do not know. While one is not assigned, nothing of its amount is done at its terminal.
create table found_charge (
  site_id       text collate "C" not null,
  terminal_id   text collate "C" not null,
  rrn           text collate "C" not null,
  operation     text,
  amount_minor  bigint,
  terminal_time text,
  found_at      timestamptz not null,
  assigned_to   text,
  decided_at    timestamptz,
  decided_by    text,
  evidence      text,
  primary key (site_id, terminal_id, rrn),
  constraint assignment_has_a_reason check (decided_at is null or (decided_by is not null and evidence is not null))
);
create index found_charge_open on found_charge (site_id, terminal_id) where decided_at is null;

-- Called once by whoever restored a backup, before any service starts: transaction numbers begin again lower, so cursors get a new epoch, and every terminal is to be asked.
create function begin_after_restore() returns integer language sql as $$
  update ledger.feed_epoch set epoch = epoch + 1;
  insert into ledger.restore (backed_up_at) select coalesce(max(taken_at), clock_timestamp()) from ledger.backup returning id;
$$;
`,
};
