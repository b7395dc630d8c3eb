import type {
  ChangeWebhookRequest,
  CreateWebhookRequest,
  ListWebhooksRequest,
  NamedWebhook,
  RotateWebhookRequest,
  SiteScope,
  WebhookEndpoint,
} from '@kkm/core';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { endpointColumns, endpointFrom } from './webhook.row';
import type { EndpointRow } from './webhook.row';
import { laneJob } from './webhook-jobs';

/** Endpoints of one site, and of operators, at most. */
const endpointsMax = 20;

/** Endpoints that are made at once for one site wait for each other. $1 site. */
const lockSite: Statement = {
  name: 'ledger.webhook-lock-site',
  text: `select pg_advisory_xact_lock(hashtextextended('webhook ' || coalesce($1::text, ''), 0))`,
};

/** How many endpoints a site has. $1 site. */
const count: Statement = {
  name: 'ledger.webhook-count',
  text: 'select count(*) as endpoints from ledger.webhook_endpoint where site_id is not distinct from $1',
};

/** $1 now, $2 id, $3 site, $4 name, $5 url, $6 types, $7 enabled, $8 by. */
const insert: Statement = {
  name: 'ledger.webhook-insert',
  text: `insert into ledger.webhook_endpoint (id, site_id, name, url, event_types, enabled, created_at, changed_at, changed_by)
    values ($2, $3, $4, $5, $6, $7, $1, $1, $8)`,
};

/** $1 now, $2 endpoint, $3 sealed secret. */
const addSecret: Statement = {
  name: 'ledger.webhook-add-secret',
  text: `insert into ledger.webhook_secret (endpoint_id, number, sealed, created_at)
    select $2, coalesce(max(number), 0) + 1, $3, $1 from ledger.webhook_secret where endpoint_id = $2`,
};

/** Lets the secret in force sign on for a while, and forgets those whose time is over. $1 now, $2 endpoint, $3 until. */
const endSecret: Statement = {
  name: 'ledger.webhook-end-secret',
  text: `with over as (delete from ledger.webhook_secret where endpoint_id = $2 and ends_at <= $1)
    update ledger.webhook_secret set ends_at = $3 where endpoint_id = $2 and ends_at is null`,
};

/** $1 now, $2 id, $3 sites seen or null for all. */
const one: Statement = {
  name: 'ledger.webhook-one',
  text: `select ${endpointColumns} from ledger.webhook_endpoint w where w.id = $2 and ($3::text[] is null or w.site_id = any($3::text[]))`,
};

/** The same, locked until the end of the transaction. $1 id, $2 sites. */
const lock: Statement = {
  name: 'ledger.webhook-lock',
  text: 'select id from ledger.webhook_endpoint where id = $1 and ($2::text[] is null or site_id = any($2::text[])) for update',
};

/** $1 now, $2 sites, $3 site or null, $4 after, $5 limit. */
const page: Statement = {
  name: 'ledger.webhook-page',
  text: `select ${endpointColumns} from ledger.webhook_endpoint w where ($2::text[] is null or w.site_id = any($2::text[]))
    and ($3::text is null or w.site_id = $3) and w.id > coalesce($4::text, '') order by w.id limit $5`,
};

/** A switch forgets why it was off, and what the endpoint asked for. $1 now, $2 id, $3 name, $4 url, $5 types, $6 types are meant, $7 enabled, $8 by. */
const change: Statement = {
  name: 'ledger.webhook-change',
  text: `update ledger.webhook_endpoint set name = coalesce($3, name), url = coalesce($4, url), event_types = case when $6::boolean then $5::text[] else event_types end,
    enabled = coalesce($7, enabled), disabled_because = case when $7::boolean is null then disabled_because end,
    held_until = case when $7::boolean or $4::text is not null then null else held_until end, changed_at = $1, changed_by = $8 where id = $2`,
};

/** Has all lanes of an endpoint looked into in which something waits. $1 endpoint. */
const lookAtAll: Statement = {
  name: 'ledger.webhook-look-at-all',
  text: `select ${laneJob('now', { endpoint: '$1::text', site: 'site_id', when: 'now()' })}
    from (select distinct site_id from ledger.webhook_delivery where endpoint_id = $1 and state = 'waiting') lanes`,
};

/** $1 id. */
const remove: Statement = { name: 'ledger.webhook-remove', text: 'delete from ledger.webhook_endpoint where id = $1' };

/** Webhook endpoints on Postgres. Secrets are stored as they came: sealed. Null where the caller may see no such endpoint. */
export class PostgresWebhookEndpoints {
  private readonly sql: Sql;

  constructor(private readonly dataSource: DataSource) {
    this.sql = sqlOf(dataSource);
  }

  /** Null when the site has as many as it may have. */
  async create({ id, siteId, name, url, eventTypes, enabled, sealedSecret, by }: CreateWebhookRequest, nowMs: number): Promise<WebhookEndpoint | null> {
    const now = new Date(nowMs);
    return transaction(this.dataSource, async (sql) => {
      await sql.rows(lockSite, [siteId]);
      const [known] = await sql.rows<{ endpoints: number }>(count, [siteId]);
      if ((known?.endpoints ?? 0) >= endpointsMax) return null;
      await sql.run(insert, [now, id, siteId, name, url, eventTypes, enabled, by]);
      await sql.run(addSecret, [now, id, sealedSecret]);
      return read(sql, { scope: null, id }, now);
    });
  }

  async read(named: NamedWebhook, nowMs: number): Promise<WebhookEndpoint | null> {
    return read(this.sql, named, new Date(nowMs));
  }

  /** At most `limit` endpoints behind `after`. */
  async list({ scope, siteId, after, limit }: ListWebhooksRequest, nowMs: number): Promise<readonly WebhookEndpoint[]> {
    return (await this.sql.rows<EndpointRow>(page, [new Date(nowMs), scope, siteId, after, limit])).map(endpointFrom);
  }

  async change({ scope, id, name, url, eventTypes, enabled, by }: ChangeWebhookRequest, nowMs: number): Promise<WebhookEndpoint | null> {
    const now = new Date(nowMs);
    return this.locked({ scope, id }, async (sql) => {
      await sql.run(change, [now, id, name, url, eventTypes === 'all' ? null : eventTypes, eventTypes !== null, enabled, by]);
      if (enabled || url !== null) await sql.rows(lookAtAll, [id]);
      return read(sql, { scope: null, id }, now);
    });
  }

  async rotate({ scope, id, sealedSecret, overlapSeconds }: RotateWebhookRequest, nowMs: number): Promise<WebhookEndpoint | null> {
    const now = new Date(nowMs);
    return this.locked({ scope, id }, async (sql) => {
      await sql.run(endSecret, [now, id, new Date(nowMs + overlapSeconds * 1_000)]);
      await sql.run(addSecret, [now, id, sealedSecret]);
      return read(sql, { scope: null, id }, now);
    });
  }

  /** With all its deliveries. False when there is no such endpoint. */
  async delete(named: NamedWebhook): Promise<boolean> {
    const deleted = await this.locked(named, async (sql) => {
      await sql.run(remove, [named.id]);
      return true;
    });
    return deleted ?? false;
  }

  private locked<T>({ scope, id }: { readonly scope: SiteScope; readonly id: string }, work: (sql: Sql) => Promise<T>): Promise<T | null> {
    return transaction(this.dataSource, async (sql) => ((await sql.rows(lock, [id, scope])).length === 0 ? null : work(sql)));
  }
}

async function read(sql: Sql, { scope, id }: NamedWebhook, now: Date): Promise<WebhookEndpoint | null> {
  const [row] = await sql.rows<EndpointRow>(one, [now, id, scope]);
  return row ? endpointFrom(row) : null;
}
