import { linkProblems, moneyPaths, newTerminal, operations, outcomeReasons, requestKinds } from '@kkm/core';
import type { AnswerRequestRequest, LinkDraft, LinkFacts, RequestAnswer, TakeRequestAnswer, TakeRequestRequest } from '@kkm/core';
import { z } from 'zod';
import { amount, currency, drawnId, equipmentId, limits, method, opaqueId, timestamp, told } from './fields';
import { transportSchema } from './http/transport.contract';

/** Body of a message in a terminal's queue. Its attempt, not the message, is what the ledger gives a permit for. */
export const paymentCommand = z.strictObject({
  attemptId: opaqueId,
  paymentId: opaqueId,
  siteId: equipmentId,
  terminalId: equipmentId,
  operation: z.enum(operations),
  method,
  moneyPath: z.enum(moneyPaths).optional(),
  amount,
  currency,
  expiresAt: timestamp,
  original: z.strictObject({ attemptId: opaqueId, rrn: z.string().min(1).max(64), authorisationCode: z.string().min(1).max(64).nullable() }).nullable(),
});

/** Body of a message in a terminal's control queue. */
export const controlHint = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cancel'), attemptId: opaqueId }),
  z.strictObject({ kind: z.literal('settings-changed'), revision: z.int().min(0) }),
  z.strictObject({ kind: z.literal('qr-changed'), attemptId: opaqueId }),
  z.strictObject({ kind: z.literal('request'), siteId: equipmentId, terminalId: equipmentId, requestId: opaqueId }),
  z.strictObject({ kind: z.literal('recover'), command: paymentCommand }),
]);

/** One terminal as its workers get it. The profile is checked by the driver that it is for. */
export const terminalSettings = z.strictObject({
  terminalId: equipmentId,
  siteId: equipmentId,
  name: z.string().max(limits.nameLength),
  driver: z.string().min(1).max(64),
  transport: transportSchema,
  profile: z.record(z.string(), z.unknown()),
  readAttemptsMax: z.int().min(1).max(limits.readAttempts.max),
  enabled: z.boolean(),
  revision: z.int().min(0),
});

/** What `equipment.of-site` answers. */
export const siteEquipment = z.strictObject({
  revision: z.int().min(0),
  terminals: z.array(terminalSettings).max(10_000).nullable(),
  linkTests: z.array(opaqueId).max(limits.linkTestsWaiting).optional(),
});

const takenTerminal = equipmentId.or(z.literal(newTerminal));
const linkDraft = z.object({
  driver: z.string().min(1).max(64),
  transport: transportSchema,
  profile: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<LinkDraft>;

/** Request of `terminals.take`. */
export const takeRequestRequest = z.object({
  requestId: opaqueId,
  siteId: equipmentId,
  terminalId: takenTerminal,
  nonce: drawnId,
  drafts: z.boolean().default(false),
}) satisfies z.ZodType<TakeRequestRequest>;

/** What `terminals.take` answers. */
export const takeRequestAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('yours'), request: z.object({ kind: z.enum(requestKinds), detailed: z.boolean(), draft: linkDraft.nullable().default(null) }) }),
  z.object({ kind: z.literal('gone') }),
]) satisfies z.ZodType<TakeRequestAnswer>;

const linkFacts = z.object({
  tookMs: z.int().min(0),
  bankTerminalId: z.string().max(64).nullable(),
  serialNumber: z.string().max(64).nullable(),
  terminalTime: z.string().max(64).nullable(),
  host: z.enum(['reached', 'unreachable']).nullable().default(null),
}) satisfies z.ZodType<LinkFacts>;

const requestAnswer = z.object({
  state: z.enum(['done', 'failed', 'unknown']),
  reason: z.enum(outcomeReasons).nullable(),
  text: told(limits.printedLength),
  link: linkFacts.nullable(),
  problem: z.enum(linkProblems).nullable().default(null),
}) satisfies z.ZodType<RequestAnswer>;

/** Request of `terminals.answered`. */
export const answerRequestRequest = takeRequestRequest.extend({ answer: requestAnswer }) satisfies z.ZodType<AnswerRequestRequest>;
