import { currencies, dispositions, evidenceKinds, terminalWords, verdictReasons, verdicts } from '@kkm/core';
import type { Conflict, Evidence, KeptEvidence, Resolution, SurfacedMoney, Verdict } from '@kkm/core';
import { z } from 'zod';
import { amount, amountSoFar, limits, lines, opaqueId, timestamp } from '../fields';

const decider = z.object({ kind: z.enum(['api_key', 'user']), id: opaqueId, name: z.string() });

const decision = {
  by: decider,
  at: timestamp,
  charged: z.boolean(),
  chargedAmount: amountSoFar,
  evidence: z.string().describe('What the decision rests on, in the person’s words.'),
};

/** A person's decision about an attempt in doubt. */
export const resolutionSchema = z.object({
  ...decision,
  terminal: z.enum(terminalWords).describe('Whether the terminal’s own answer is still awaited, or what it was.'),
}) satisfies z.ZodType<Resolution>;

const evidenceMembers = {
  kind: z.enum(evidenceKinds),
  asked: z.string(),
  said: z.string(),
  rrn: z.string().nullable(),
  at: timestamp,
};

/** Something that was said about an attempt, and what was asked to hear it. */
export const evidenceSchema = z.object(evidenceMembers) satisfies z.ZodType<Evidence>;

/** Evidence with its attempt, and how often and when last the same was heard. */
export const keptEvidenceSchema = z.object({
  attemptId: opaqueId,
  ...evidenceMembers,
  times: z.int().min(1),
  lastAt: timestamp,
}) satisfies z.ZodType<KeptEvidence>;

/** A person and a terminal that say different things about one attempt; both stand. */
export const conflictSchema = z.object({
  attemptId: opaqueId,
  at: timestamp,
  person: z.object(decision),
  terminal: z.object({ charged: z.boolean(), chargedAmount: amountSoFar, evidence: evidenceSchema }),
}) satisfies z.ZodType<Conflict>;

/** Money that a bank took in an attempt that had ended otherwise. */
export const surfacedMoneySchema = z.object({
  attemptId: opaqueId,
  amount: amountSoFar,
  rrn: z.string().nullable(),
  disposition: z.enum(dispositions),
  at: timestamp,
}) satisfies z.ZodType<SurfacedMoney>;

/** "Was the customer charged?", with everything that is known about it. */
export const verdictSchema = z.object({
  paymentId: opaqueId,
  verdict: z
    .enum(verdicts)
    .describe('`not_charged` only when nothing that could still charge is open. A charge that was given back is `charged` with its `refundedAmount`.'),
  chargedAmount: amountSoFar,
  refundedAmount: amountSoFar,
  currency: z.enum(currencies),
  reasons: z.array(z.enum(verdictReasons)),
  text: z.object({ en: z.string(), ru: z.string() }).describe('What a cashier can read out.'),
  conflicts: z.array(conflictSchema),
  surfaced: z.array(surfacedMoneySchema),
  evidence: z.array(keptEvidenceSchema).describe('What terminals and people said, by attempt, in the order it was first heard.'),
}) satisfies z.ZodType<Verdict>;

/** Body of `POST /v1/payments/{id}/resolution`. */
export const resolvePaymentBody = z
  .strictObject({
    charged: z.boolean(),
    chargedAmount: amount.optional().describe('Only with `charged`; left out: the whole amount.'),
    evidence: lines(limits.evidenceLength).describe('What the decision rests on: a slip, the bank’s list, what the guest showed.'),
    attemptId: opaqueId.optional().describe('The attempt meant. Guards against a late repeat that would meet a further attempt in doubt.'),
  })
  .refine(({ charged, chargedAmount }) => charged || chargedAmount === undefined, { path: ['chargedAmount'], message: 'only with charged' });

/** Body of `POST /v1/payments/{id}/close`: empty, or left out. */
export const closePaymentBody = z.strictObject({});
