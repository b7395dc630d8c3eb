import { notReplayableReasons, parkedBodyForms, parkedStates } from '@kkm/core';
import type { ParkedMessage, ParkedSummary } from '@kkm/core';
import { z } from 'zod';
import { cursor, equipmentId, limits, line, opaqueId, queryInteger, timestamp } from '../fields';

const text = z.string().nullable();

/** A parked message in a list. */
export const parkedSummarySchema = z.object({
  id: opaqueId,
  siteId: equipmentId.nullable().describe('Null where it names no site, or is not believed: for operators alone.'),
  paymentId: opaqueId.nullable().describe('The payment that its body names.'),
  state: z.enum(parkedStates),
  reason: z.string().describe('Why it was parked: a problem code, or the broker’s reason.'),
  queue: text.describe('Where it could not be handled.'),
  exchange: text,
  routingKey: text,
  messageId: text,
  type: text,
  sender: text.describe('The broker user that sent it, as far as it was verified.'),
  parkedAt: timestamp,
  size: z.int().min(0).describe('Bytes of its body as it came.'),
  notReplayable: z.enum(notReplayableReasons).nullable().describe('Why it is not sent again; null: it can be.'),
  replayOf: opaqueId.nullable().describe('The parked message whose replay this is: it failed again.'),
  parkedAgainAs: opaqueId.nullable().describe('The newest parked message that came of its replay.'),
  settledAt: timestamp.nullable(),
  settledBy: z
    .object({ kind: z.enum(['user', 'api_key']), id: opaqueId, name: z.string() })
    .nullable()
    .describe('Who replayed or dismissed it, with the name of that time.'),
  dismissReason: text,
}) satisfies z.ZodType<ParkedSummary>;

/** A parked message with all that is kept of it. */
export const parkedMessageSchema = parkedSummarySchema.extend({
  headers: z.record(z.string(), z.unknown()).describe('As they came, without card numbers and secrets; nothing is decided by them alone.'),
  body: z.string().describe('Without card numbers and secrets.'),
  bodyForm: z.enum(parkedBodyForms).describe('base64: the bytes are no text.'),
  isBodyCut: z.boolean().describe('The body is longer than what is shown.'),
}) satisfies z.ZodType<ParkedMessage>;

/** A page of parked messages, newest first. */
export const parkedMessagePage = z.object({ parkedMessages: z.array(parkedSummarySchema), next: z.string().nullable() });

/** Query of `GET /v1/parked-messages`. */
export const listParkedMessagesQuery = z.strictObject({
  state: z.enum(parkedStates).optional(),
  siteId: equipmentId.optional(),
  limit: queryInteger(limits.parked),
  cursor: cursor.optional(),
});

/** Body of `POST /v1/parked-messages/{id}/replay`: empty, or left out. */
export const replayParkedBody = z.strictObject({});

/** Body of `POST /v1/parked-messages/{id}/dismiss`. */
export const dismissParkedBody = z.strictObject({
  reason: line(limits.dismissReasonLength).regex(/\S/, 'must say something').describe('Why nothing is to be done about it; kept.'),
});
