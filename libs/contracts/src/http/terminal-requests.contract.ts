import { linkProblems, outcomeReasons, requestKinds, requestStates } from '@kkm/core';
import type { KeptRequest } from '@kkm/core';
import { z } from 'zod';
import { cursor, equipmentId, limits, line, opaqueId, queryInteger, timestamp } from '../fields';
import { profileValues } from './profile-values';
import { transportSchema } from './transport.contract';

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
      host: z.enum(['reached', 'unreachable']).nullable().describe('Whether the terminal reached its bank; null where its protocol does not tell.'),
    })
    .nullable()
    .describe('What a link test found.'),
  problem: z.enum(linkProblems).nullable().describe('Why a link test failed, as far as somebody can do something about it.'),
  isDraft: z.boolean().describe('A link test of settings that are not saved.'),
  askedBy: z.string(),
  askedAt: timestamp,
  expiresAt: timestamp.describe('A worker takes it before then, or it fails.'),
  takenAt: timestamp.nullable(),
  answeredAt: timestamp.nullable(),
}) satisfies z.ZodType<KeptRequest>;

/** A page of requests, newest first. */
export const terminalRequestPage = z.object({ requests: z.array(terminalRequestSchema), next: z.string().nullable() });

/** Body of `POST /v1/terminals/{id}/settle`: empty, or left out. */
export const askTerminalBody = z.strictObject({});

const draftSettings = {
  driver: line(64),
  transport: transportSchema,
  profileId: equipmentId.nullable(),
  profile: profileValues,
};

/** Body of `POST /v1/terminals/{id}/link-test`; may be left out. */
export const testLinkBody = z.strictObject({
  draft: z
    .strictObject(draftSettings)
    .partial()
    .optional()
    .describe('Settings to test that are not saved; members that are left out are as they are saved. Left out: the terminal as it is saved.'),
});

/** A request to test a link, perhaps of settings that are not saved. */
export type TestLinkBody = z.output<typeof testLinkBody>;

/** Body of `POST /v1/link-tests`. */
export const createLinkTestBody = z.strictObject({
  siteId: equipmentId,
  ...draftSettings,
  profileId: draftSettings.profileId.default(null),
  profile: draftSettings.profile.default({}),
});

/** A link test of a terminal that is not saved yet, as it is shown. */
export const linkTestSchema = terminalRequestSchema.omit({ terminalId: true, kind: true, detailed: true, isDraft: true });
/** One of {@link linkTestSchema}. */
export type LinkTest = z.output<typeof linkTestSchema>;

/** Body of `POST /v1/terminals/{id}/report`. */
export const askReportBody = z.strictObject({ detailed: z.boolean().default(false).describe('Every operation since the last settlement, not only the sums.') });

/** Query of `GET /v1/terminals/{id}/requests`. */
export const listTerminalRequestsQuery = z.strictObject({
  siteId: equipmentId.optional().describe('Needed only when two sites of the key use the same id.'),
  kind: z.enum(requestKinds).optional(),
  limit: queryInteger(limits.equipment),
  cursor: cursor.optional(),
});
