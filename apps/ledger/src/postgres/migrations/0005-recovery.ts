import type { Migration } from '@kkm/postgres';

/** What is known of each terminal's operations, and whom to send when nobody works on an attempt (design-money, clauses 5, 6 and 9). */
export const recovery: Migration = {
  name: '0005-recovery',
  sql: `
-- Who had the permit first: only that worker can ever have sent the attempt.
alter table permit add column granted_to text;

-- The terminal's report as it was read while nothing was unfinished there.
create table terminal_baseline (
  site_id          text collate "C" not null,
  terminal_id      text collate "C" not null,
  bank_terminal_id text not null,
  serial_number    text not null,
  -- Begin of the reported period by the terminal's own clock, as it wrote it.
  since            text not null,
  newest_rrn       text,
  worker_id        text not null,
  read_at          timestamptz not null,
  primary key (site_id, terminal_id)
);

-- Operations that a baseline showed and that no attempt of ours made: somebody keyed them in by hand, or another system did.
create table found_operation (
  site_id       text collate "C" not null,
  terminal_id   text collate "C" not null,
  rrn           text collate "C" not null,
  operation     text,
  amount_minor  bigint,
  terminal_time text,
  found_at      timestamptz not null,
  primary key (site_id, terminal_id, rrn)
);

create index attempt_approved_at on attempt (site_id, terminal_id, finished_at) where status = 'approved';
create index attempt_by_rrn on attempt (rrn) where rrn is not null;
create index charge_by_rrn on charge (rrn) where rrn is not null;

-- When somebody is sent next for an attempt in doubt, or for a return that waits.
create table errand (
  attempt_id text collate "C" primary key references attempt,
  tries      integer not null,
  due_at     timestamptz not null
);
create index attempt_granted on attempt (id) where status = 'granted' and money_path = 'terminal';
create index attempt_return_waiting on attempt (id) where status = 'queued' and operation <> 'sale';
`,
};
