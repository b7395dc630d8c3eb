import { z } from 'zod';
import { cursor, equipmentId, limits, opaqueId, queryInteger, timestamp } from '../fields';

/** A check of the KkmServer door whose money moved and whose receipt is not made. */
export const outstandingCheckSchema = z.object({
  id: opaqueId,
  siteId: equipmentId,
  registerId: equipmentId.nullable(),
  idCommand: z.string().describe('The client’s id of the command; its payment carries it as `metadata.idCommand`.'),
  stage: z
    .enum(['receipting', 'giving_back'])
    .describe('`receipting`: the receipt is tried again and again. `giving_back`: it failed, and the charge is given back.'),
  paymentId: opaqueId.nullable().describe('The payment that was charged or given back; null where no automatic acquiring ran.'),
  since: timestamp.describe('When the command came.'),
  tries: z.int().min(0).describe('How often the present step has failed.'),
  nextTryAt: timestamp.describe('When it is tried again.'),
  lastError: z.string().nullable().describe('What the register or the bank said last.'),
});
/** One of {@link outstandingCheckSchema}. */
export type OutstandingCheck = z.output<typeof outstandingCheckSchema>;

/** Query of `GET /v1/checks`. */
export const listChecksQuery = z.strictObject({
  siteId: equipmentId.optional(),
  limit: queryInteger(limits.equipment),
  cursor: cursor.optional().describe('`next` of the page before.'),
});

/** A page of checks, oldest first. */
export const outstandingCheckPage = z.object({
  checks: z.array(outstandingCheckSchema),
  next: z.string().nullable().describe('Cursor of the next page; null at the end.'),
});

/** Body of `POST /v1/checks/{id}/retry`: empty, or left out. */
export const retryCheckBody = z.strictObject({});
