import { certificationPrompts, certifiedLinks, gradeReasons, grades, outcomeReasons, paymentStatuses } from '@kkm/core';
import type { CertificationFigures, TestMoney, TestResult } from '@kkm/core';
import { z } from 'zod';
import { amount, amountSoFar, currency, cursor, equipmentId, limits, opaqueId, queryInteger, timestamp } from '../fields';
import { spreadSchema } from './terminal-health.contract';

const count = z.int().min(0);
const ms = z.int().min(0);
const testMethod = z.enum(['card', 'sbp_qr']);
const reconnect = z.union([ms, z.literal('never')]).nullable();

/** Body of `POST /v1/terminals/{id}/certifications`. */
export const startCertificationBody = z.strictObject({
  payments: z.int().min(1).max(100).describe('How many test payments; each is given back at once.'),
  methods: z.array(testMethod).min(1).max(2).default(['card']).describe('Taken in turns.'),
  link: z.enum(certifiedLinks).describe('How the terminal is connected.'),
  amount: amount.default(100).describe('Minor units of each payment.'),
  currency: currency.default('RUB'),
  cablePull: z.boolean().default(false).describe('Ask a person to pull the cable and plug it in again, and measure until the terminal answers.'),
  restart: z.boolean().default(false).describe('Ask a person to restart the terminal, and measure until it answers.'),
});

/** One test payment of a certification, once it has come to rest. */
export const testResultSchema = z.object({
  number: z.int().min(1),
  method: testMethod,
  paymentId: opaqueId,
  status: z.enum(paymentStatuses),
  reason: z.enum(outcomeReasons).nullable().describe('Why the sale was not approved.'),
  approvalMs: ms.nullable().describe('From the permit to the approval, the guest’s part included.'),
  readFailures: count,
  doubtMs: ms.nullable().describe('For how long one of its attempts was in doubt; null: none was.'),
  charged: amountSoFar,
  refunded: amountSoFar,
}) satisfies z.ZodType<TestResult>;

const figures = z.object({
  sales: count,
  approved: count,
  approvalMs: spreadSchema.nullable(),
  readFailures: count,
  readFailureRate: z.number().min(0).max(1).nullable(),
  failures: z.array(z.object({ reason: z.enum(outcomeReasons), count })),
  inDoubt: z.object({ count, open: count, resolveMs: spreadSchema.nullable() }),
  cableReconnectMs: reconnect.describe('From the person’s word to the terminal’s answer; null: not tried.'),
  restartReconnectMs: reconnect,
}) satisfies z.ZodType<CertificationFigures>;

const money = z.object({
  charged: count.describe('Tests that were charged.'),
  returned: count.describe('Those of them whose money is back, by the ledger.'),
  notReturned: z.array(opaqueId).describe('The payments of the others.'),
}) satisfies z.ZodType<TestMoney>;

/** A terminal’s certification: its plan, how far it is, and what came of it. */
export const certificationSchema = z.object({
  id: opaqueId,
  siteId: equipmentId,
  terminalId: equipmentId,
  state: z.enum(['running', 'done', 'stopped']).describe('`stopped`: it ended before it had done all, and has no grade.'),
  payments: z.int().min(1).max(100),
  methods: z.array(testMethod),
  link: z.enum(certifiedLinks),
  amount,
  currency,
  cablePull: z.boolean(),
  restart: z.boolean(),
  askedBy: z.string(),
  startedAt: timestamp,
  finishedAt: timestamp.nullable(),
  step: z.enum(['payment', 'voiding', 'prompt', 'reconnecting', 'ended']).describe('`voiding`: the money of the test payment goes back.'),
  prompt: z
    .object({
      number: z.int().min(1).nullable().describe('To be answered by `POST …/prompts/{number}` once done; null: nothing is to be said, the payment shows.'),
      kind: z.enum(certificationPrompts),
    })
    .nullable()
    .describe('What a person is to do now.'),
  stopping: z.boolean().describe('It ends as soon as the payment that runs has come to rest.'),
  refusal: z.string().nullable().describe('The code by which a test payment was refused.'),
  results: z.array(testResultSchema).describe('In the order they were made.'),
  grade: z.enum(grades).nullable().describe('By the worst figure; null until it ended, and when it was stopped.'),
  because: z.array(z.enum(gradeReasons)).describe('What kept the grade from being better.'),
  figures: figures.nullable().describe('Null until it ended.'),
  money: money.nullable().describe('Whether all test money is back; null until it ended.'),
});
/** A certification as it is shown. */
export type Certification = z.output<typeof certificationSchema>;

/** A certification beside the terminal’s earlier ones. */
export const comparedCertificationSchema = certificationSchema.extend({
  earlier: z
    .array(
      z.object({
        id: opaqueId,
        link: z.enum(certifiedLinks),
        grade: z.enum(grades),
        startedAt: timestamp,
        approvalMs: spreadSchema.nullable(),
        readFailureRate: z.number().min(0).max(1).nullable(),
      }),
    )
    .describe('The terminal’s last five graded certifications before this one, newest first: LAN against USB, before against after.'),
});
/** A certification with what it is compared with. */
export type ComparedCertification = z.output<typeof comparedCertificationSchema>;

/** A page of certifications, newest first. */
export const certificationPage = z.object({ certifications: z.array(certificationSchema), next: z.string().nullable() });

/** Body of `POST …/stop` and `…/prompts/{number}`: empty, or left out. */
export const followCertificationBody = z.strictObject({});

/** Query of `GET /v1/terminals/{id}/certifications`. */
export const listCertificationsQuery = z.strictObject({
  siteId: equipmentId.optional().describe('Needed only when two sites of the key use the same id.'),
  limit: queryInteger(limits.equipment),
  cursor: cursor.optional(),
});
