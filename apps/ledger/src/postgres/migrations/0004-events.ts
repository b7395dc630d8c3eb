import type { Migration } from '@kkm/postgres';

/** The feed of events and the outbox of those not yet confirmed by the broker (design-money, clauses 12 and 21). */
export const events: Migration = {
  name: '0004-events',
  sql: `
-- Transaction numbers of a restored database may begin again lower; the epoch is raised by whoever restores.
create table feed_epoch (
  only_row boolean primary key default true constraint feed_epoch_is_one_row check (only_row),
  epoch    integer not null
);
insert into feed_epoch (epoch) values (1);

-- (epoch, xid, id) is the position in the feed: readers stop short of transactions that still run, so none is skipped.
create table event (
  id          bigint generated always as identity primary key,
  epoch       integer not null,
  xid         xid8 not null default pg_current_xact_id(),
  event_id    text collate "C" not null,
  site_id     text collate "C",
  subject     text collate "C" not null,
  routing_key text not null,
  traceparent text,
  body        json not null,
  recorded_at timestamptz not null default now()
);
create unique index event_feed on event (epoch, xid, id);
create index event_feed_of_site on event (site_id, epoch, xid, id);

create table outbox (
  event_id bigint primary key,
  subject  text collate "C" not null
);
create index outbox_of_subject on outbox (subject, event_id);
-- A short queue inside Postgres: vacuum must not lag behind the deletes.
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
`,
};
