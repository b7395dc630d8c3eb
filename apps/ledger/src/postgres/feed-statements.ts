import type { CompletionEvent } from '@kkm/core';
import type { Statement } from '@kkm/postgres';
import { eventInserts, eventRecordset } from './event-inserts';

/** An event with its position. */
export interface FeedRow {
  readonly epoch: number;
  readonly at_xid: string;
  readonly id: number;
  readonly body: CompletionEvent;
}

/**
 * Positions are (epoch, transaction, id). A reader sees only transactions below the oldest that still runs, so a late commit cannot appear behind its cursor.
 * The number is not named `xid` in the answer: `order by` would then sort its text.
 * Per payment the order is right: a change is written by a transaction that began after it had read the change before.
 */
const page = (also: string): string => `
select epoch, xid::text as at_xid, id, body from ledger.event
where (epoch, xid, id) > ($1::int, $2::xid8, $3::bigint) and (epoch < (select epoch from ledger.feed_epoch) or xid < pg_snapshot_xmin(pg_current_snapshot())) ${also}
order by epoch, xid, id limit $4`;

/** The feed of all sites. $1..$3 position, $4 limit. */
export const feedOfAll: Statement = { name: 'ledger.feed', text: page('') };

/** The feed of one site. $5 site. */
export const feedOfSite: Statement = { name: 'ledger.feed-of-site', text: page('and site_id = $5') };

/** The feed of several sites. $5 sites. */
export const feedOfSites: Statement = { name: 'ledger.feed-of-sites', text: page('and site_id = any($5::text[])') };

/** The newest position below all transactions that still run. */
export const feedEnd: Statement = {
  name: 'ledger.feed-end',
  text: 'select epoch, (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text as xid from ledger.feed_epoch',
};

/** Records events that belong to no payment. $1 events. */
export const announce: Statement = {
  name: 'ledger.announce',
  text: `with ${eventInserts(`select e.* from ${eventRecordset('$1')}`)} select count(*) from told`,
};

/** Whether nobody has the relay's place; asked before a connection is spent on it. */
export const isRelayPlaceFree: Statement = { name: 'ledger.is-relay-place-free', text: 'select pg_try_advisory_xact_lock(5893, 1) as free' };

/** Takes the relay's place unless another has it. It belongs to the connection and ends with it. */
export const takeRelayPlace: Statement = { name: 'ledger.take-relay-place', text: 'select pg_try_advisory_lock(5893, 1) as free' };

/** Where a replica that does not relay says that it has put something into the outbox. */
export const outboxChannel = 'kkm_ledger_outbox';

/** Says so. */
export const tellRelay: Statement = { name: 'ledger.tell-relay', text: `select pg_notify('${outboxChannel}', '')` };

/** An event that waits to be published. */
export interface OutboxRow {
  readonly event_id: number;
  readonly subject: string;
  readonly routing_key: string;
  readonly traceparent: string | null;
  readonly recorded_at: Date;
  readonly body: CompletionEvent;
}

/** Forgets events the broker has confirmed and gives the next that wait, oldest first; both in one round trip. $1 confirmed event ids, $2 limit. */
export const nextRound: Statement = {
  name: 'ledger.next-round',
  text: `
with gone as (delete from ledger.outbox where event_id = any($1::bigint[]))
select o.event_id, o.subject, e.routing_key, e.traceparent, e.recorded_at, e.body
from (select event_id, subject from ledger.outbox where event_id <> all($1::bigint[]) order by event_id limit $2) o
join ledger.event e on e.id = o.event_id order by o.event_id`,
};

/** How far the relay is behind: rows waiting and the age of the oldest. */
export const outboxLag: Statement = {
  name: 'ledger.outbox-lag',
  text: `select count(*) as waiting, coalesce(extract(epoch from now() - min(e.recorded_at)), 0)::float8 as oldest_seconds from ledger.outbox o join ledger.event e on e.id = o.event_id`,
};

/** Attempts in doubt now. */
export const inDoubtCount: Statement = { name: 'ledger.in-doubt', text: `select count(*) as attempts from ledger.attempt where status = 'unknown'` };
