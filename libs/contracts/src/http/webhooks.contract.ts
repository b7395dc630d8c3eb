import { deliveryOrigins, deliveryStates, replayChoices, webhookTestType } from '@kkm/core';
import type { ReplayedRange, WebhookDelivery, WebhookEndpoint } from '@kkm/core';
import { z } from 'zod';
import { askedTime, cursor, equipmentId, limits, line, opaqueId, queryInteger, timestamp } from '../fields';
import { eventTypes } from './events.contract';

const url = z.url({ protocol: /^https?$/, error: 'must be an https:// URL' }).max(500);
const wantedTypes = z.array(z.enum(eventTypes)).min(1).max(eventTypes.length);

/** Where webhooks go, as it is shown: never the secret. */
export const webhookEndpointSchema = z.object({
  id: opaqueId,
  siteId: equipmentId.nullable().describe('The site whose events it gets; null: an operator’s, for every site.'),
  name: z.string(),
  url: z.string(),
  eventTypes: z.array(z.enum(eventTypes)).readonly().nullable().describe('Null: events of every type.'),
  enabled: z.boolean().describe('Nothing is sent while false; what waits goes on when it is true again.'),
  disabledBecause: z
    .enum(['gone'])
    .nullable()
    .describe('Why KKM switched it off: `gone` is an answer of 410. Null when a person did, and while it is enabled.'),
  secrets: z
    .array(z.object({ createdAt: timestamp, endsAt: timestamp.nullable().describe('Until when it signs too; null: in force.') }))
    .readonly()
    .describe('Secrets that sign now, newest first; never themselves.'),
  waiting: z.int().min(0).describe('Deliveries neither delivered nor given up.'),
  lastDeliveredAt: timestamp.nullable(),
  lastFailedAt: timestamp.nullable(),
  createdAt: timestamp,
  changedAt: timestamp,
  changedBy: z.string(),
}) satisfies z.ZodType<WebhookEndpoint>;

/** The answer that shows an endpoint's secret, once. */
export const issuedWebhookEndpointSchema = webhookEndpointSchema.extend({
  secret: z.string().describe('`whsec_` and 32 bytes in base64. Shown once; KKM keeps it sealed.'),
});

/** A page of endpoints. */
export const webhookEndpointPage = z.object({ webhookEndpoints: z.array(webhookEndpointSchema), next: z.string().nullable() });

/** Body of `POST /v1/webhook-endpoints`. */
export const createWebhookEndpointBody = z.strictObject({
  siteId: equipmentId.nullable().optional().describe('Left out: the site of the key. Null: every site, for an operator’s key.'),
  name: line(limits.nameLength),
  url: url.describe('https, and a public host unless KKM_PRIVATE_WEBHOOKS allows others. Redirects are not followed.'),
  eventTypes: wantedTypes.nullable().default(null).describe('Null: events of every type.'),
  enabled: z.boolean().default(true),
});

/** Body of `PATCH /v1/webhook-endpoints/{id}`. */
export const changeWebhookEndpointBody = z.strictObject({
  name: line(limits.nameLength).optional(),
  url: url.optional(),
  eventTypes: wantedTypes.nullable().optional().describe('Null: events of every type.'),
  enabled: z.boolean().optional(),
});

/** Body of `POST /v1/webhook-endpoints/{id}/rotate`. */
export const rotateWebhookSecretBody = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(limits.webhookOverlapSeconds.max)
    .default(limits.webhookOverlapSeconds.usual)
    .describe('How long the secret before signs too: each webhook then carries both signatures.'),
});

/** Body of `POST /v1/webhook-endpoints/{id}/replay`. */
export const replayWebhooksBody = z.strictObject({
  from: askedTime.describe('Events recorded at or after this.'),
  to: askedTime.optional().describe('And before this; left out: until now.'),
  only: z.enum(replayChoices).default('all').describe('`undelivered`: those that no delivery to this endpoint has brought there.'),
});

/** Body of `POST /v1/webhook-endpoints/{id}/test` and of the replay of one delivery: empty, or left out. */
export const askWebhookBody = z.strictObject({});

/** The answer to a replay of a range. */
export const replayedWebhooksSchema = z.object({ replayed: z.int().min(0).describe('Deliveries made.') }) satisfies z.ZodType<ReplayedRange>;

/** One event on its way to one endpoint. */
export const webhookDeliverySchema = z.object({
  id: opaqueId,
  endpointId: opaqueId,
  siteId: equipmentId
    .nullable()
    .describe('The event’s site; of a test the endpoint’s. Null when there is none: a test of an operator’s endpoint, a rejected request that named no site.'),
  eventId: opaqueId.describe('`webhook-id` of every try and every replay: by it a receiver knows repeats.'),
  eventType: z.enum([...eventTypes, webhookTestType]),
  subject: z.string().describe('The payment; for `rejected` the id of the request.'),
  origin: z.enum(deliveryOrigins),
  state: z.enum(deliveryStates).describe('`given_up`: 75 h of tries ended, or the endpoint answered 410.'),
  nextTryAt: timestamp.nullable().describe('Null when it is not tried again. A switched-off endpoint or a full minute of its site makes it later.'),
  createdAt: timestamp,
  endedAt: timestamp.nullable(),
  tries: z
    .array(
      z.object({
        number: z.int().min(1),
        at: timestamp,
        tookMs: z.int().min(0),
        code: z.int().nullable().describe('Status of the answer; null when there was none.'),
        fault: z.string().nullable().describe('Why there was none: `timeout`, `address_refused`, `ECONNREFUSED`, ….'),
        response: z.string().nullable().describe('The first bytes of the answer’s body. Text of somebody else.'),
      }),
    )
    .readonly()
    .describe('Oldest first.'),
}) satisfies z.ZodType<WebhookDelivery>;

/** A page of deliveries, newest first. */
export const webhookDeliveryPage = z.object({ deliveries: z.array(webhookDeliverySchema), next: z.string().nullable() });

/** Query of `GET /v1/webhook-endpoints`. */
export const listWebhookEndpointsQuery = z.strictObject({
  siteId: equipmentId.optional(),
  limit: queryInteger(limits.equipment),
  cursor: cursor.optional(),
});

/** Query of `GET /v1/webhook-endpoints/{id}/deliveries`. */
export const listWebhookDeliveriesQuery = z.strictObject({
  state: z.enum(deliveryStates).optional(),
  eventId: opaqueId.optional(),
  subject: line(limits.idempotencyKeyLength).optional().describe('The payment.'),
  limit: queryInteger(limits.deliveries),
  cursor: cursor.optional(),
});
