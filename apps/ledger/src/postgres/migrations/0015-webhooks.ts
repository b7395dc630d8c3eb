import type { Migration } from '@kkm/postgres';

/** Where events are sent by HTTP, and every try of it (ADR 0018). */
export const webhooks: Migration = {
  name: '0015-webhooks',
  sql: `
create table webhook_endpoint (
  id                text collate "C" primary key,
  -- Null: an operator's, for the events of every site.
  site_id           text collate "C",
  name              text not null,
  url               text not null,
  -- Null: events of every type.
  event_types       text[],
  enabled           boolean not null,
  disabled_because  text constraint webhook_disabled_known check (disabled_because in ('gone')),
  held_until        timestamptz,
  last_delivered_at timestamptz,
  last_failed_at    timestamptz,
  created_at        timestamptz not null,
  changed_at        timestamptz not null,
  changed_by        text not null,
  constraint enabled_webhook_is_not_disabled check (not enabled or disabled_because is null)
);

create table webhook_secret (
  endpoint_id text collate "C" not null references webhook_endpoint on delete cascade,
  number      integer not null,
  -- Sealed to the ledger's key, which is not in the database.
  sealed      text not null,
  created_at  timestamptz not null,
  -- Null: in force. Else it signs beside its successor until then.
  ends_at     timestamptz,
  primary key (endpoint_id, number)
);
create unique index one_webhook_secret_in_force on webhook_secret (endpoint_id) where ends_at is null;

create table webhook_delivery (
  id            bigint generated always as identity primary key,
  endpoint_id   text collate "C" not null references webhook_endpoint on delete cascade,
  -- Null: a test, whose body stands here.
  event_pk      bigint references event,
  body          json,
  event_id      text collate "C" not null,
  event_type    text not null,
  subject       text collate "C" not null,
  -- The event's site; empty: none.
  site_id       text collate "C" not null,
  origin        text not null constraint webhook_origin_known check (origin in ('event', 'replay', 'test')),
  state         text not null default 'waiting' constraint webhook_state_known check (state in ('waiting', 'delivered', 'given_up')),
  -- What goes first: new events, then those that failed, then replays.
  rank          smallint not null,
  tries         integer not null default 0,
  due_at        timestamptz not null,
  claimed_until timestamptz,
  created_at    timestamptz not null,
  ended_at      timestamptz,
  constraint webhook_has_a_body check ((event_pk is null) <> (body is null)),
  constraint ended_webhook_has_a_time check ((state = 'waiting') = (ended_at is null))
);
create unique index one_webhook_per_event on webhook_delivery (endpoint_id, event_pk) where origin = 'event';
create index webhook_due on webhook_delivery (endpoint_id, site_id, rank, due_at, id) where state = 'waiting';
create index webhook_flying on webhook_delivery (endpoint_id, site_id, claimed_until) where claimed_until is not null;
create index webhook_log on webhook_delivery (endpoint_id, id);
create index webhook_log_of_event on webhook_delivery (endpoint_id, event_id, id);
create index webhook_log_of_subject on webhook_delivery (endpoint_id, subject, id);
create index webhook_of_event on webhook_delivery (event_pk, endpoint_id) where event_pk is not null;
create index webhook_ended on webhook_delivery (ended_at) where ended_at is not null;

create table webhook_try (
  delivery_id bigint not null references webhook_delivery on delete cascade,
  number      integer not null,
  at          timestamptz not null,
  took_ms     integer not null,
  code        integer,
  fault       text,
  response    text,
  primary key (delivery_id, number)
);

-- When the bucket of requests about a site is full again.
create table webhook_rate (
  site_id text collate "C" primary key,
  full_at timestamptz not null
);

-- How far the feed was read for deliveries. Endpoints get what is recorded from now on; what was before can be replayed.
create table webhook_reader (
  only_row boolean primary key default true constraint webhook_reader_is_one_row check (only_row),
  epoch    integer not null,
  xid      xid8 not null,
  id       bigint not null
);
insert into webhook_reader (epoch, xid, id)
  select epoch, (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text::xid8, 999999999999999 from feed_epoch;

-- Finds the events of a range of time: a block range costs the writers of events nothing.
create index event_recorded on event using brin (recorded_at) with (pages_per_range = 16, autosummarize = on);

-- The job library's list of its own migrations. Made here, because without it the library would make the schema it is told to live in, which the ledger's role may not.
create table migrations (
  id       integer primary key,
  ts       timestamptz not null default now(),
  breaking boolean not null default false
);
`,
};
