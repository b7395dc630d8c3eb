import { transaction } from '@kkm/postgres';
import type { Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { laneJob } from './webhook-jobs';

/** How many events one step takes at most. */
const pageMax = 500;

/** Whether nobody else reads now; the place ends with the transaction. A second reader would wait for the first and find nothing left. */
const place: Statement = { name: 'ledger.webhook-reader-place', text: 'select pg_try_advisory_xact_lock(5893, 2) as free' };

const positionOf = (column: string): string => `(select ${column} from ledger.webhook_reader)`;

/**
 * One step along the feed (ADR 0003): what can be seen behind the reader's place, in the order of commits, becomes a delivery for each endpoint that wants it; the place moves on
 * and the lanes are looked into. One statement, so that no event is passed without its deliveries, and none is delivered twice. $1 now, $2 at most.
 */
const step: Statement = {
  name: 'ledger.webhook-reader-step',
  text: `
with
  page as (
    select e.id, e.epoch, e.xid, e.event_id, coalesce(e.site_id, '') as site_id, e.subject,
      'kkm.' || substr(e.routing_key, length(coalesce(e.site_id, 'unknown')) + 2) || '.v1' as event_type
    from ledger.event e
    where (e.epoch, e.xid, e.id) > (${positionOf('epoch')}, ${positionOf('xid')}, ${positionOf('id')})
      and (e.epoch < (select epoch from ledger.feed_epoch) or e.xid < pg_snapshot_xmin(pg_current_snapshot()))
    order by e.epoch, e.xid, e.id limit $2),
  made as (
    insert into ledger.webhook_delivery (endpoint_id, event_pk, event_id, event_type, subject, site_id, origin, rank, due_at, created_at)
    select w.id, page.id, page.event_id, page.event_type, page.subject, page.site_id, 'event', 0, $1::timestamptz, $1::timestamptz
    from page join ledger.webhook_endpoint w on w.enabled and (w.site_id is null or w.site_id = page.site_id)
      and (w.event_types is null or page.event_type = any(w.event_types))
    order by page.epoch, page.xid, page.id
    on conflict do nothing returning endpoint_id, site_id),
  moved as (
    update ledger.webhook_reader r set epoch = last.epoch, xid = last.xid, id = last.id
    from (select epoch, xid, id from page order by epoch desc, xid desc, id desc limit 1) last),
  lanes as (select distinct endpoint_id, site_id from made)
select (select count(*) from page) as events, count(${laneJob('now', { endpoint: 'endpoint_id', site: 'site_id', when: 'now()' })}) as lanes from lanes`,
};

/** Makes deliveries of the events that are new. Resolves to how many events it took; 0 also when another replica is at it. */
export async function readForWebhooks(dataSource: DataSource, nowMs: number): Promise<number> {
  return transaction(dataSource, async (sql) => {
    const [mine] = await sql.rows<{ free: boolean }>(place);
    if (!mine?.free) return 0;
    const [row] = await sql.rows<{ events: number }>(step, [new Date(nowMs), pageMax]);
    return row?.events ?? 0;
  });
}
