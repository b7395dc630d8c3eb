import type { CompletionEvent, WebhookDelivery, WebhookEndpoint, WebhookEventType, WebhookTry } from '@kkm/core';

/** An endpoint with what is reckoned beside it. */
export interface EndpointRow {
  readonly id: string;
  readonly site_id: string | null;
  readonly name: string;
  readonly url: string;
  readonly event_types: readonly CompletionEvent['type'][] | null;
  readonly enabled: boolean;
  readonly disabled_because: 'gone' | null;
  readonly secrets: readonly { readonly created_at: string; readonly ends_at: string | null }[];
  readonly waiting: number;
  readonly last_delivered_at: Date | null;
  readonly last_failed_at: Date | null;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly changed_by: string;
}

/** Secrets that sign at a time: the one in force and at most two before it. */
const secretsMax = 3;

/** The secrets by which an endpoint signs, newest first, as SQL. `endpoint` and `now` are expressions. */
export function signing(columns: string, { endpoint, now }: { readonly endpoint: string; readonly now: string }): string {
  return `select ${columns} from ledger.webhook_secret where endpoint_id = ${endpoint} and (ends_at is null or ends_at > ${now}) order by number desc limit ${secretsMax}`;
}

/** The columns of {@link EndpointRow}, of a table called `w`. $1 must be the ledger's time. */
export const endpointColumns = `w.id, w.site_id, w.name, w.url, w.event_types, w.enabled, w.disabled_because, w.last_delivered_at, w.last_failed_at, w.created_at,
  w.changed_at, w.changed_by,
  (select coalesce(json_agg(json_build_object('created_at', s.created_at, 'ends_at', s.ends_at) order by s.number desc), '[]')
    from (${signing('*', { endpoint: 'w.id', now: '$1' })}) s) as secrets,
  (select count(*) from ledger.webhook_delivery d where d.endpoint_id = w.id and d.state = 'waiting') as waiting`;

/** An endpoint from its row. */
export function endpointFrom(row: EndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    url: row.url,
    eventTypes: row.event_types,
    enabled: row.enabled,
    disabledBecause: row.disabled_because,
    secrets: row.secrets.map((secret) => ({ createdAt: utc(secret.created_at), endsAt: secret.ends_at === null ? null : utc(secret.ends_at) })),
    waiting: row.waiting,
    lastDeliveredAt: row.last_delivered_at?.toISOString() ?? null,
    lastFailedAt: row.last_failed_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
  };
}

/** A delivery with its tries. */
export interface DeliveryRow {
  readonly id: number;
  readonly endpoint_id: string;
  readonly site_id: string;
  readonly event_id: string;
  readonly event_type: WebhookEventType;
  readonly subject: string;
  readonly origin: WebhookDelivery['origin'];
  readonly state: WebhookDelivery['state'];
  readonly due_at: Date;
  readonly created_at: Date;
  readonly ended_at: Date | null;
  readonly tries: readonly TryRow[];
}

interface TryRow {
  readonly number: number;
  readonly at: string;
  readonly took_ms: number;
  readonly code: number | null;
  readonly fault: string | null;
  readonly response: string | null;
}

/** The columns of {@link DeliveryRow}, of a table called `d`. */
export const deliveryColumns = `d.id, d.endpoint_id, d.site_id, d.event_id, d.event_type, d.subject, d.origin, d.state, d.due_at, d.created_at, d.ended_at,
  (select coalesce(json_agg(json_build_object('number', t.number, 'at', t.at, 'took_ms', t.took_ms, 'code', t.code, 'fault', t.fault, 'response', t.response)
    order by t.number), '[]') from ledger.webhook_try t where t.delivery_id = d.id) as tries`;

/** A delivery from its row. */
export function deliveryFrom(row: DeliveryRow): WebhookDelivery {
  return {
    id: `${deliveryPrefix}${row.id}`,
    endpointId: row.endpoint_id,
    siteId: row.site_id === '' ? null : row.site_id,
    eventId: row.event_id,
    eventType: row.event_type,
    subject: row.subject,
    origin: row.origin,
    state: row.state,
    nextTryAt: row.state === 'waiting' ? row.due_at.toISOString() : null,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    tries: row.tries.map(tryFrom),
  };
}

function tryFrom({ number, at, took_ms: tookMs, code, fault, response }: TryRow): WebhookTry {
  return { number, at: utc(at), tookMs, code, fault, response };
}

const deliveryPrefix = 'dlv_';

/** The number behind a delivery's id; null when it is none of ours. */
export function deliveryNumber(id: string): number | null {
  const digits = /^dlv_(\d{1,15})$/.exec(id)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Postgres writes times inside JSON with its own offset. */
function utc(time: string): string {
  return new Date(time).toISOString();
}
