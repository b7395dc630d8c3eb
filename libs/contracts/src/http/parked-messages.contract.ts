import { notReplayableReasons, parkedStates } from '@kkm/core';
import type { ParkedMessage, ParkedSummary } from '@kkm/core';
import { z } from 'zod';
import { cursor, equipmentId, limits, line, opaqueId, queryInteger, timestamp } from '../fields';

const text = z.string().nullable();

/** A parked message in a list. */
export const parkedSummarySchema = z.object({
  id: opaqueId,
  siteId: equipmentId.nullable().describe('Null where neither the way it came nor its body names one.'),
  state: z.enum(parkedStates),
  reason: z.string().describe('Why it was parked: a problem code, or the broker’s reason.'),
  queue: text.describe('Where it could not be handled.'),
  exchange: text,
  routingKey: text,
  messageId: text,
  type: text,
  sender: text.describe('The broker user that sent it, as the broker verified it.'),
  traceparent: text.describe('W3C trace context of the handling that parked it.'),
  sentAt: timestamp.nullable(),
  parkedAt: timestamp,
  size: z.int().min(0).describe('Bytes of its body as it came.'),
  isReplayable: z.boolean(),
  notReplayable: z.enum(notReplayableReasons).nullable().describe('Why it is not sent again.'),
  settledAt: timestamp.nullable(),
  settledBy: text.describe('Who replayed or dismissed it.'),
  dismissReason: text,
}) satisfies z.ZodType<ParkedSummary>;

/** A parked message with all that is kept of it. */
export const parkedMessageSchema = parkedSummarySchema.extend({
  headers: z.record(z.string(), z.unknown()),
  body: z.string().describe('Without card numbers and secrets. Bytes that are no text are shown in base 64.'),
}) satisfies z.ZodType<ParkedMessage>;

/** A page of parked messages, newest first. */
export const parkedMessagePage = z.object({ parkedMessages: z.array(parkedSummarySchema), next: z.string().nullable() });

/** Query of `GET /v1/parked-messages`. */
export const listParkedMessagesQuery = z.strictObject({
  state: z.enum(parkedStates).optional(),
  queue: line(limits.queueNameLength).optional(),
  reason: line(limits.nameLength).optional(),
  siteId: equipmentId.optional(),
  limit: queryInteger(limits.equipment),
  cursor: cursor.optional(),
});

/** Body of `POST /v1/parked-messages/{id}/replay`: empty, or left out. */
export const replayParkedBody = z.strictObject({});

/** Body of `POST /v1/parked-messages/{id}/dismiss`. */
export const dismissParkedBody = z.strictObject({ reason: line(limits.dismissReasonLength).describe('Why nothing is to be done about it; kept.') });
