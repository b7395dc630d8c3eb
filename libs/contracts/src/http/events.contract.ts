import { eventNames, progressSteps } from '@kkm/core';
import type { CompletionEvent, EventPage, Progress, RejectedRequest } from '@kkm/core';
import { z } from 'zod';
import { cursor, equipmentId, limits, opaqueId, queryInteger, timestamp } from '../fields';
import { paymentSchema, shownQrSchema } from './payments.contract';

/** Types of completion events, `kkm.payment.<what>.v1`. */
export const eventTypes = eventNames.map((name) => `kkm.payment.${name}.v1` as const);

/** `data` of `kkm.payment.rejected.v1`: a request that came by message and can never succeed. */
export const rejectedRequestSchema = z.object({
  siteId: z.string().nullable(),
  orderId: z.string().nullable(),
  requestId: z.string(),
  problem: z.object({ code: z.string(), title: z.string(), status: z.int(), detail: z.string().exactOptional() }),
}) satisfies z.ZodType<RejectedRequest>;

/** A completion event: CloudEvents 1.0.2, structured JSON. */
export const completionEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: opaqueId.describe('The same on every repeat.'),
  source: z.string(),
  type: z.enum(eventTypes),
  subject: z.string().describe('The payment’s id; for `rejected` the id of the request.'),
  time: timestamp,
  datacontenttype: z.literal('application/json'),
  sequence: z.int().min(0).describe('The payment’s sequence: of two events of one payment the higher is the newer.'),
  data: z
    .union([paymentSchema, rejectedRequestSchema])
    .describe('The Payment as it was then; one whose `purpose` is `test` concerns no guest. For `rejected`, the request.'),
}) satisfies z.ZodType<CompletionEvent>;

/** Query of `GET /v1/events`. */
export const readEventsQuery = z.strictObject({
  after: cursor.optional().describe('`next` of the page before; left out: from the beginning.'),
  limit: queryInteger(limits.events),
});

/** A page of the feed, oldest first. */
export const eventPage = z.object({
  events: z.array(completionEventSchema),
  next: z.string().describe('Ask again with it for what came later.'),
}) satisfies z.ZodType<EventPage>;

/** Query of `GET /v1/stream`. */
export const streamQuery = z.strictObject({
  after: cursor.optional().describe('Resume behind this event; the header Last-Event-ID, when sent, comes first.'),
  paymentId: opaqueId.optional().describe('Only this payment.'),
});

/** Live progress of an attempt: the event `progress` of the stream. Nothing is decided by it. */
export const progressSchema = z.object({
  paymentId: opaqueId,
  attemptId: opaqueId,
  siteId: equipmentId,
  terminalId: equipmentId,
  step: z.enum(progressSteps),
  n: z.int().nullable(),
  of: z.int().nullable(),
  detail: z.string().nullable(),
  qr: shownQrSchema.exactOptional().describe('With `qr_shown`: what is on the screen.'),
  at: timestamp,
}) satisfies z.ZodType<Progress>;
