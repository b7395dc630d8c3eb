import { deliveryStates, replayChoices } from '@kkm/core';
import type {
  ChangeWebhookRequest,
  CreateWebhookRequest,
  ListDeliveriesRequest,
  ListWebhooksRequest,
  NamedWebhook,
  ReplayDeliveryRequest,
  ReplayRangeRequest,
  RotateWebhookRequest,
} from '@kkm/core';
import { z } from 'zod';
import { drawnId, equipmentId, limits, line, opaqueId, timestamp } from './fields';
import { eventTypes } from './http/events.contract';

const named = { scope: z.array(equipmentId).nullable(), id: opaqueId };
const url = z.url({ protocol: /^https?$/ }).max(500);
const wantedTypes = z.array(z.enum(eventTypes)).min(1);
const sealedSecret = z.string().regex(/^[A-Za-z0-9_-]{64,4096}$/);
const by = line(limits.nameLength);

/** Request of `webhooks.create`. */
export const createWebhookRequest = z.object({
  id: drawnId,
  siteId: equipmentId.nullable(),
  name: line(limits.nameLength),
  url,
  eventTypes: wantedTypes.nullable(),
  enabled: z.boolean(),
  sealedSecret,
  by,
}) satisfies z.ZodType<CreateWebhookRequest>;

/** Request of `webhooks.list`. */
export const listWebhooksRequest = z.object({
  scope: named.scope,
  siteId: equipmentId.nullable(),
  after: opaqueId.nullable(),
  limit: z.int().min(1).max(limits.equipment.max),
}) satisfies z.ZodType<ListWebhooksRequest>;

/** Request of `webhooks.read`, `webhooks.delete` and `webhooks.test`. */
export const namedWebhook = z.object(named) satisfies z.ZodType<NamedWebhook>;

/** Request of `webhooks.change`. */
export const changeWebhookRequest = z.object({
  ...named,
  name: line(limits.nameLength).nullable(),
  url: url.nullable(),
  eventTypes: z.union([wantedTypes, z.literal('all')]).nullable(),
  enabled: z.boolean().nullable(),
  by,
}) satisfies z.ZodType<ChangeWebhookRequest>;

/** Request of `webhooks.rotate`. */
export const rotateWebhookRequest = z.object({
  ...named,
  sealedSecret,
  overlapSeconds: z.int().min(0).max(limits.webhookOverlapSeconds.max),
  by,
}) satisfies z.ZodType<RotateWebhookRequest>;

/** Request of `webhooks.deliveries`. */
export const listDeliveriesRequest = z.object({
  ...named,
  state: z.enum(deliveryStates).nullable(),
  eventId: opaqueId.nullable(),
  subject: z.string().max(limits.idempotencyKeyLength).nullable(),
  before: opaqueId.nullable(),
  limit: z.int().min(1).max(limits.deliveries.max),
}) satisfies z.ZodType<ListDeliveriesRequest>;

/** Request of `webhooks.replay`. */
export const replayDeliveryRequest = z.object({ ...named, deliveryId: opaqueId }) satisfies z.ZodType<ReplayDeliveryRequest>;

/** Request of `webhooks.replay-range`. */
export const replayRangeRequest = z.object({
  ...named,
  from: timestamp,
  to: timestamp,
  only: z.enum(replayChoices),
}) satisfies z.ZodType<ReplayRangeRequest>;
