import type { ListDeliveriesRequest, ReplayRangeRequest, WebhookDelivery, WebhookEndpoint } from '@kkm/core';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { deliveryColumns, deliveryFrom, deliveryNumber } from './webhook.row';
import type { DeliveryRow } from './webhook.row';
import { laneJob } from './webhook-jobs';

/** Events that one replay takes at most. */
const replayMax = 20_000;

/** Deliveries that ended are kept for so long, and forgotten so many at a time. */
const keptMs = 30 * 86_400_000;
const forgottenMax = 5_000;

/** $1 endpoint, $2 state, $3 event, $4 subject, $5 before, $6 limit. */
const page = (also: string): string => `select ${deliveryColumns} from ledger.webhook_delivery d
  where d.endpoint_id = $1 and ($2::text is null or d.state = $2) and ($3::text is null or d.event_id = $3) and ($4::text is null or d.subject = $4)
  and d.id < coalesce($5::bigint, 9223372036854775807) ${also} order by d.id desc limit $6`;

const list: Statement = { name: 'ledger.webhook-deliveries', text: page('') };

/** The first column of each makes the index of what is asked for the one that is read. */
const listOfEvent: Statement = { name: 'ledger.webhook-deliveries-of-event', text: page('and d.event_id = $3') };
const listOfSubject: Statement = { name: 'ledger.webhook-deliveries-of-subject', text: page('and d.subject = $4') };

/** Makes a delivery and has its lane looked into. */
const made = (columns: string, from: string): string => `
with
  made as (
    insert into ledger.webhook_delivery (endpoint_id, event_pk, body, event_id, event_type, subject, site_id, origin, rank, due_at, created_at)
    select ${columns} ${from} returning *),
  looked as (select ${laneJob('now', { endpoint: 'endpoint_id', site: 'site_id', when: 'now()' })} from made)
select d.*, '[]'::json as tries, (select count(*) from looked) as looked from made d`;

/** Once more what a delivery brought. $1 now, $2 endpoint, $3 delivery. */
const replay: Statement = {
  name: 'ledger.webhook-replay',
  text: made(
    `o.endpoint_id, o.event_pk, o.body, o.event_id, o.event_type, o.subject, o.site_id, 'replay', 0, $1::timestamptz, $1::timestamptz`,
    'from ledger.webhook_delivery o where o.endpoint_id = $2 and o.id = $3',
  ),
};

/** $1 now, $2 endpoint, $3 body, $4 event id, $5 type, $6 subject, $7 site. */
const test: Statement = {
  name: 'ledger.webhook-test',
  text: made(`$2::text, null::bigint, $3::json, $4::text, $5::text, $6::text, $7::text, 'test', 0, $1::timestamptz, $1::timestamptz`, ''),
};

/** The block ranges of `event_recorded` are read by bitmaps alone, which the ledger's sessions do without. */
const allowBitmaps: Statement = { name: 'ledger.webhook-allow-bitmaps', text: `select set_config('enable_bitmapscan', 'on', true)` };

/** Events of a range that an endpoint wants, unless they are too many. $1 now, $2 endpoint, $3 from, $4 to, $5 only what it has not got. */
const replayRange: Statement = {
  name: 'ledger.webhook-replay-range',
  text: `
with
  found as (
    select e.id, e.event_id, e.subject, coalesce(e.site_id, '') as site_id, e.body ->> 'type' as event_type
    from ledger.event e join ledger.webhook_endpoint w on w.id = $2 and (w.site_id is null or w.site_id = e.site_id)
    where e.recorded_at >= $3 and e.recorded_at < $4 and (w.event_types is null or e.body ->> 'type' = any(w.event_types))
      and not ($5::boolean and exists (select from ledger.webhook_delivery d where d.event_pk = e.id and d.endpoint_id = $2 and d.state in ('delivered', 'waiting')))
    order by e.id limit ${replayMax + 1}),
  made as (
    insert into ledger.webhook_delivery (endpoint_id, event_pk, event_id, event_type, subject, site_id, origin, rank, due_at, created_at)
    select $2, id, event_id, event_type, subject, site_id, 'replay', 2, $1::timestamptz, $1::timestamptz from found where (select count(*) from found) <= ${replayMax} order by id
    returning site_id),
  lanes as (select distinct site_id from made)
select (select count(*) from found) as found, count(${laneJob('now', { endpoint: '$2::text', site: 'site_id', when: 'now()' })}) as lanes from lanes`,
};

/** Has lanes looked into whose deliveries are overdue: what was to do it died. $1 overdue since. */
const lookAtOverdue: Statement = {
  name: 'ledger.webhook-overdue',
  text: `
select ${laneJob('now', { endpoint: 'endpoint_id', site: 'site_id', when: 'now()' })} from (
  select distinct d.endpoint_id, d.site_id from ledger.webhook_delivery d join ledger.webhook_endpoint w on w.id = d.endpoint_id
  where d.state = 'waiting' and d.due_at < $1 and (d.claimed_until is null or d.claimed_until < $1) and w.enabled and (w.held_until is null or w.held_until < $1)) lanes`,
};

/** $1 ended before, $2 at most. */
const forget: Statement = {
  name: 'ledger.webhook-forget',
  text: 'delete from ledger.webhook_delivery where id in (select id from ledger.webhook_delivery where ended_at < $1 order by ended_at limit $2)',
};

/** What waits at all endpoints. */
const waiting: Statement = { name: 'ledger.webhooks-waiting', text: `select count(*) as waiting from ledger.webhook_delivery where state = 'waiting'` };

/** An event made up for a test. */
export interface TestEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

/** The log of deliveries on Postgres, and deliveries that people ask for. */
export class PostgresWebhookDeliveries {
  private readonly sql: Sql;

  constructor(private readonly dataSource: DataSource) {
    this.sql = sqlOf(dataSource);
  }

  /** At most `limit` deliveries, newest first. */
  async list({ id, state, eventId, subject, before, limit }: Omit<ListDeliveriesRequest, 'scope'>): Promise<readonly WebhookDelivery[]> {
    const statement = eventId !== null ? listOfEvent : subject !== null ? listOfSubject : list;
    const beforeNumber = before === null ? null : (deliveryNumber(before) ?? 0);
    return (await this.sql.rows<DeliveryRow>(statement, [id, state, eventId, subject, beforeNumber, limit])).map(deliveryFrom);
  }

  /** Null when the endpoint has no such delivery. */
  async replay(endpointId: string, deliveryId: string, nowMs: number): Promise<WebhookDelivery | null> {
    const number = deliveryNumber(deliveryId);
    if (number === null) return null;
    const [row] = await this.sql.rows<DeliveryRow>(replay, [new Date(nowMs), endpointId, number]);
    return row ? deliveryFrom(row) : null;
  }

  async test({ id, siteId }: WebhookEndpoint, event: TestEvent, nowMs: number): Promise<WebhookDelivery> {
    const values = [new Date(nowMs), id, JSON.stringify(event), event.id, event.type, event.subject, siteId ?? ''];
    const [row] = await this.sql.rows<DeliveryRow>(test, values);
    if (!row) throw new RangeError('a test is one delivery');
    return deliveryFrom(row);
  }

  /** How many it made; null when they would be too many, and then it made none. */
  async replayRange({ id, from, to, only }: Omit<ReplayRangeRequest, 'scope'>, nowMs: number): Promise<number | null> {
    return transaction(this.dataSource, async (sql) => {
      await sql.rows(allowBitmaps);
      const [row] = await sql.rows<{ found: number }>(replayRange, [new Date(nowMs), id, from, to, only === 'undelivered']);
      const found = row?.found ?? 0;
      return found > replayMax ? null : found;
    });
  }

  /** How many wait, at all endpoints. */
  async waiting(): Promise<number> {
    const [row] = await this.sql.rows<{ waiting: number }>(waiting);
    return row?.waiting ?? 0;
  }

  /** Looks for what was left lying for longer than `overdueMs`. */
  async lookAtOverdue(nowMs: number, overdueMs: number): Promise<void> {
    await this.sql.rows(lookAtOverdue, [new Date(nowMs - overdueMs)]);
  }

  /** Forgets what ended long ago. */
  async forget(nowMs: number): Promise<void> {
    await this.sql.run(forget, [new Date(nowMs - keptMs), forgottenMax]);
  }
}
