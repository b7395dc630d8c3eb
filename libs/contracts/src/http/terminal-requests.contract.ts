import { outcomeReasons, requestKinds, requestStates } from '@kkm/core';
import type { KeptRequest } from '@kkm/core';
import { z } from 'zod';
import { cursor, equipmentId, limits, opaqueId, queryInteger, timestamp } from '../fields';

/** A request to a terminal outside of payments, as it is shown. */
export const terminalRequestSchema = z.object({
  id: opaqueId,
  siteId: equipmentId,
  terminalId: equipmentId,
  kind: z.enum(requestKinds),
  detailed: z.boolean().describe('A report with every operation, not only the sums.'),
  state: z
    .enum(requestStates)
    .describe(
      '`asked`: no worker took it yet. `running`: one did. `done`: the terminal did it. `failed`: it certainly did not. `unknown`: a settlement that may have been made; a report shows.',
    ),
  reason: z.enum(outcomeReasons).nullable().describe('Why not; null until it ended, and when done.'),
  text: z.string().nullable().describe('What the terminal printed; without that, what there is to say for people. Null until it ended.'),
  link: z
    .object({
      tookMs: z.int().min(0).describe('From asking to the answer.'),
      bankTerminalId: z.string().nullable(),
      serialNumber: z.string().nullable().describe('By the newest report that was read.'),
      terminalTime: z.string().nullable().describe('YYYYMMDDhhmmss of the terminal’s clock.'),
    })
    .nullable()
    .describe('What a link test found.'),
  askedBy: z.string(),
  askedAt: timestamp,
  expiresAt: timestamp.describe('A worker takes it before then, or it fails.'),
  takenAt: timestamp.nullable(),
  answeredAt: timestamp.nullable(),
}) satisfies z.ZodType<KeptRequest>;

/** A page of requests, newest first. */
export const terminalRequestPage = z.object({ requests: z.array(terminalRequestSchema), next: z.string().nullable() });

/** Body of `POST /v1/terminals/{id}/link-test` and `/settle`: empty, or left out. */
export const askTerminalBody = z.strictObject({});

/** Body of `POST /v1/terminals/{id}/report`. */
export const askReportBody = z.strictObject({ detailed: z.boolean().default(false).describe('Every operation since the last settlement, not only the sums.') });

/** Query of `GET /v1/terminals/{id}/requests`. */
export const listTerminalRequestsQuery = z.strictObject({
  siteId: equipmentId.optional().describe('Needed only when two sites of the key use the same id.'),
  kind: z.enum(requestKinds).optional(),
  limit: queryInteger(limits.equipment),
  cursor: cursor.optional(),
});
