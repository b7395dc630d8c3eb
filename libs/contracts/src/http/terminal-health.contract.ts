import { healthBuckets, linkStates, operations, outcomeReasons } from '@kkm/core';
import type { HealthFigures, TerminalHealth } from '@kkm/core';
import { z } from 'zod';
import { askedTime, equipmentId, opaqueId, purpose, timestamp } from '../fields';
import { terminalRequestSchema } from './terminal-requests.contract';

const count = z.int().min(0);
const rate = z.number().min(0).max(1);
/** The middle one of some times, and the one that 95 of 100 do not exceed; milliseconds. */
export const spreadSchema = z.object({ p50: z.number().min(0), p95: z.number().min(0) });

/** What became of the sales that were sent to a terminal within some time. */
export const healthFiguresSchema = z.object({
  sales: count.describe('Sales that were sent, tests included.'),
  approved: count,
  declined: count,
  cancelled: count,
  failed: count,
  readFailures: count.describe('Card reads that failed before authorisation.'),
  readFailureRate: rate.nullable().describe('Of all card reads: readFailures / (readFailures + sales). Null without any.'),
  approvalMs: spreadSchema.nullable().describe('Milliseconds from the permit to the end, of approved sales whose money moves through the terminal.'),
  failures: z.array(z.object({ reason: z.enum(outcomeReasons), count })).describe('Sales that were not approved, by reason, the most frequent first.'),
  inDoubt: z
    .object({ count, open: count.describe('Still in doubt.'), resolveMs: spreadSchema.nullable().describe('How long the others were in doubt.') })
    .describe('Sales that were in doubt.'),
}) satisfies z.ZodType<HealthFigures>;

/** A terminal's health, now and over time. */
export const terminalHealthSchema = z.object({
  siteId: equipmentId,
  terminalId: equipmentId,
  at: timestamp.describe('When it was asked for.'),
  now: z.object({
    worker: z
      .object({ id: z.string(), since: timestamp, seenAt: timestamp.nullable().describe('When it was last heard.') })
      .nullable()
      .describe('Who drives the terminal; null: nobody ever did.'),
    link: z.enum(linkStates).describe('`up`: the terminal answered on the connection that is open. `unknown`: no worker that drives it was heard lately.'),
    linkSince: timestamp.nullable(),
    busy: z
      .object({ paymentId: opaqueId, attemptId: opaqueId, operation: z.enum(operations), purpose, since: timestamp })
      .nullable()
      .describe('What it is at, or is in doubt about.'),
    inDoubt: z.boolean().describe('Nothing else is charged there until the outcome is known.'),
    lastAnswerAt: timestamp.nullable().describe('When it last ended a sale by an answer of its own.'),
    lastLinkTest: terminalRequestSchema.nullable(),
    lastSettlement: terminalRequestSchema.nullable(),
  }),
  bucket: z.enum(healthBuckets),
  from: timestamp,
  to: timestamp,
  total: healthFiguresSchema.describe('Of the whole period; times of a period are not those of its buckets.'),
  buckets: z.array(healthFiguresSchema.extend({ from: timestamp })).describe('Oldest first; those without sales are left out.'),
}) satisfies z.ZodType<TerminalHealth>;

/** Query of `GET /v1/terminals/{id}/health`. */
export const terminalHealthQuery = z.strictObject({
  siteId: equipmentId.optional().describe('Needed only when two sites of the key use the same id.'),
  from: askedTime.optional().describe('Sales sent at or after. Left out: 24 hours before `to`.'),
  to: askedTime.optional().describe('Sales sent before. Left out: now. At most 366 days, and 1000 buckets, after `from`.'),
  bucket: z.enum(healthBuckets).optional().describe('UTC hours or days. Left out: hours up to 7 days, else days.'),
});
