import { nextPlaceMs, takePlaces, webhookTimes } from '@kkm/flow/ledger';
import { transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import { sqlOf } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import type { ClaimedDelivery, MadeTry, WebhookBook, WebhookLane, WebhookRound } from '../webhooks/ports';
import { signing } from './webhook.row';
import { laneJob } from './webhook-jobs';

interface StandingRow {
  readonly full_at: Date;
  readonly url: string | null;
  readonly enabled: boolean | null;
  readonly held_until: Date | null;
  readonly sealed: readonly string[];
  readonly flying: number;
}

interface ClaimedRow {
  readonly id: number;
  readonly event_id: string;
  readonly event_type: string;
  readonly tries: number;
  readonly origin: string;
  readonly since: Date;
  readonly body: unknown;
  readonly traceparent: string | null;
}

/** Locks the site's bucket, so that looks at one site follow each other, and tells how the lane stands. $1 endpoint, $2 site, $3 now. */
const standing: Statement = {
  name: 'ledger.webhook-standing',
  text: `
with bucket as (
  insert into ledger.webhook_rate as r (site_id, full_at) values ($2, $3) on conflict (site_id) do update set full_at = r.full_at returning full_at)
select bucket.full_at, w.url, w.enabled, w.held_until,
  array(${signing('sealed', { endpoint: '$1', now: '$3' })}) as sealed,
  (select count(*) from ledger.webhook_delivery d where d.endpoint_id = $1 and d.site_id = $2 and d.claimed_until > $3) as flying
from bucket left join ledger.webhook_endpoint w on w.id = $1`,
};

/** Claims what is due: new events first, then those that failed, then replays. $1 endpoint, $2 site, $3 now, $4 at most, $5 claimed until. */
const claim: Statement = {
  name: 'ledger.webhook-claim',
  text: `
with
  due as (
    select id from ledger.webhook_delivery
    where endpoint_id = $1 and site_id = $2 and state = 'waiting' and due_at <= $3 and (claimed_until is null or claimed_until <= $3)
    order by rank, due_at, id limit $4 for update),
  taken as (update ledger.webhook_delivery d set claimed_until = $5 from due where d.id = due.id returning d.*)
select t.id, t.event_id, t.event_type, t.tries, t.origin, coalesce(e.recorded_at, t.created_at) as since, coalesce(e.body, t.body) as body, e.traceparent
from taken t left join ledger.event e on e.id = t.event_pk order by t.rank, t.due_at, t.id`,
};

/** Keeps the bucket. $1 site, $2 full at. */
const keepBucket: Statement = { name: 'ledger.webhook-bucket', text: 'update ledger.webhook_rate set full_at = $2 where site_id = $1' };

const nextOfRank = (rank: number): string =>
  `(select due_at from ledger.webhook_delivery where endpoint_id = $1 and site_id = $2 and state = 'waiting' and rank = ${rank} and due_at > $3 order by due_at limit 1)`;

/**
 * Has the lane looked into again: when something is due, when a claim ends whose holder may have died, and at $4 unless that is null. Reckoned anew at every look.
 * $1 endpoint, $2 site, $3 now, $4 also then.
 */
const lookAgain: Statement = {
  name: 'ledger.webhook-look-again',
  text: `
select ${laneJob('later', { endpoint: '$1::text', site: '$2::text', when: 'at' })} from (select least($4::timestamptz, ${[0, 1, 2].map(nextOfRank).join(', ')},
  (select min(claimed_until) from ledger.webhook_delivery where endpoint_id = $1 and site_id = $2 and claimed_until > $3)) as at) next where at is not null`,
};

/** Has a lane of a held endpoint looked into when it is no longer. $1 endpoint, $2 site, $3 then. */
const lookWhenFree: Statement = {
  name: 'ledger.webhook-look-when-free',
  text: `select ${laneJob('later', { endpoint: '$1::text', site: '$2::text', when: '$3::timestamptz' })}`,
};

/** Notes a try. $1 delivery, $2 number, $3 at, $4 took, $5 code, $6 fault, $7 response, $8 state, $9 due, $10 ended, $11 endpoint, $12 held until, $13 gone. */
const note: Statement = {
  name: 'ledger.webhook-note',
  text: `
with
  moved as (
    update ledger.webhook_delivery set tries = $2, state = $8, due_at = coalesce($9, due_at), ended_at = $10, claimed_until = null, rank = greatest(rank, 1)
    where id = $1 and tries = $2 - 1 and state = 'waiting' returning id),
  tried as (insert into ledger.webhook_try (delivery_id, number, at, took_ms, code, fault, response) select id, $2, $3, $4, $5, $6, $7 from moved)
update ledger.webhook_endpoint set
  last_delivered_at = case when $8 = 'delivered' then $3 else last_delivered_at end,
  last_failed_at = case when $8 = 'delivered' then last_failed_at else $3 end,
  held_until = greatest(held_until, $12),
  enabled = enabled and not $13::boolean,
  disabled_because = case when $13::boolean and enabled then 'gone' else disabled_because end
where id = $11 and exists (select from moved)`,
};

/** Deliveries on Postgres: limits are judged under the lock of the site's bucket, whichever replica looks. */
export class PostgresWebhookBook implements WebhookBook {
  private readonly sql: Sql;

  constructor(private readonly dataSource: DataSource) {
    this.sql = sqlOf(dataSource);
  }

  async claim({ endpointId, siteId }: WebhookLane, nowMs: number): Promise<WebhookRound | null> {
    const [lane, now] = [[endpointId, siteId], new Date(nowMs)];
    return transaction(this.dataSource, async (sql) => {
      const [row] = await sql.rows<StandingRow>(standing, [...lane, now]);
      if (!row || row.url === null || !row.enabled) return null;
      if (row.held_until !== null && row.held_until > now) {
        await sql.rows(lookWhenFree, [...lane, row.held_until]);
        return null;
      }
      const wanted = webhookTimes.flyingMax - row.flying;
      const { taken } = takePlaces(row.full_at.getTime(), nowMs, wanted);
      const found = taken > 0 ? await sql.rows<ClaimedRow>(claim, [...lane, now, taken, new Date(nowMs + webhookTimes.claimMs)]) : [];
      const { fullAtMs } = takePlaces(row.full_at.getTime(), nowMs, found.length);
      if (found.length > 0) await sql.run(keepBucket, [siteId, new Date(fullAtMs)]);
      // Where places were wanting, more may be due; where requests under way were too many, the end of one looks again.
      const isShort = taken < wanted && found.length === taken;
      await sql.rows(lookAgain, [...lane, now, isShort ? new Date(nextPlaceMs(fullAtMs)) : null]);
      return found.length > 0 ? { url: row.url, sealedSecrets: row.sealed, claimed: found.map(claimedFrom) } : null;
    });
  }

  async note({ endpointId }: WebhookLane, { delivery, atMs, tookMs, code, fault, response, decision }: MadeTry): Promise<void> {
    const endedAt = decision.kind === 'again' ? null : new Date(atMs + tookMs);
    const state = decision.kind === 'delivered' ? 'delivered' : decision.kind === 'again' ? 'waiting' : 'given_up';
    const holdUntilMs = 'holdUntilMs' in decision ? decision.holdUntilMs : null;
    await this.sql.run(note, [
      delivery.id,
      delivery.number,
      new Date(atMs),
      tookMs,
      code,
      fault,
      response,
      state,
      decision.kind === 'again' ? new Date(decision.atMs) : null,
      endedAt,
      endpointId,
      holdUntilMs === null ? null : new Date(holdUntilMs),
      decision.kind === 'gone',
    ]);
  }
}

function claimedFrom(row: ClaimedRow): ClaimedDelivery {
  const { id, event_id: eventId, event_type: eventType, traceparent } = row;
  const isFirst = row.tries === 0 && row.origin === 'event';
  return { id, eventId, eventType, body: JSON.stringify(row.body), traceparent, number: row.tries + 1, isFirst, sinceMs: row.since.getTime() };
}
