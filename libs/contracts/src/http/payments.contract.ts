import { attemptStatuses, entryModes, operations, outcomeReasons, paymentStatuses } from '@kkm/core';
import type { Attempt, CardFacts, Payment, PaymentPage, ShownQr } from '@kkm/core';
import { z } from 'zod';
import {
  amount,
  amountSoFar,
  askedTime,
  bankReference,
  currency,
  cursor,
  equipmentId,
  expiresIn,
  limits,
  lines,
  metadata,
  method,
  opaqueId,
  orderId,
  purpose,
  queryAmount,
  queryInteger,
  timestamp,
} from '../fields';
import { bankIdentitySchema, settlementAccountNumber } from './bank-identity.contract';
import { conflictSchema, resolutionSchema, surfacedMoneySchema } from './people.contract';

/** What the terminal told about the card; the number is masked before it reaches KKM. */
export const cardSchema = z.object({
  maskedPan: z.string(),
  scheme: z.string().nullable(),
  entryMode: z.enum(entryModes),
}) satisfies z.ZodType<CardFacts>;

/** A bank's QR as the guest scans it. */
export const shownQrSchema = z.object({
  payload: z.string().describe('The text of the QR.'),
  expiresAt: timestamp.describe('Until when the guest may pay.'),
}) satisfies z.ZodType<ShownQr>;

/** One try of one operation on one terminal. */
export const attemptSchema = z.object({
  id: opaqueId,
  number: z.int().min(1),
  operation: z.enum(operations),
  method,
  terminalId: equipmentId,
  amount,
  status: z.enum(attemptStatuses),
  reason: z.enum(outcomeReasons).nullable().describe('Why the attempt ended as it did.'),
  message: z.string().nullable().describe('The terminal’s own words.'),
  hostResponseCode: z.string().nullable(),
  card: cardSchema.nullable(),
  rrn: z.string().nullable().describe('Retrieval reference number of the bank.'),
  authorisationCode: z.string().nullable(),
  bankTerminalId: z.string().nullable().describe('As the terminal or its bank told it.'),
  bank: bankIdentitySchema
    .nullable()
    .default(null)
    .describe(
      'What the bank knew the terminal by, as the settings said when the attempt was opened: whose money it is and where it goes. Null: nobody had written it down, or the money moves through a bank’s QR, which has a contract of its own.',
    ),
  slip: z.string().nullable().describe('The customer’s slip as text.'),
  readFailures: z.int().min(0).describe('Card reads that failed before authorisation.'),
  qr: shownQrSchema.nullable().describe('The bank’s QR, from when it is known; null for all else.'),
  createdAt: timestamp,
  grantedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
  doubtedAt: timestamp.nullable().default(null).describe('When it first was in doubt, also after its outcome became known; null: it never was.'),
  resolvedBy: resolutionSchema.nullable().default(null).describe('The person’s decision that ended the attempt; null when none did.'),
}) satisfies z.ZodType<Attempt>;

/** The intent to collect one amount for one order. */
export const paymentSchema = z.object({
  id: opaqueId,
  siteId: equipmentId,
  orderId: z.string(),
  registerId: equipmentId.nullable(),
  terminalId: equipmentId,
  amount,
  currency,
  method,
  purpose: purpose
    .default('sale')
    .describe(
      '`sale`: a guest’s money. `test`: somebody tries the terminal; what it takes is given back at once, and nobody owes anything. Skip it in books and statistics.',
    ),
  status: z.enum(paymentStatuses),
  chargedAmount: amountSoFar.describe('Minor units the bank took; 0 until charged. May differ from amount.'),
  refundedAmount: amountSoFar,
  redoable: z.boolean().describe('Whether a redo would be accepted now.'),
  cancelRequested: z.enum(['pending', 'too_late', 'done']).nullable(),
  switchTo: z
    .enum(['card', 'sbp_qr'])
    .nullable()
    .default(null)
    .describe('What the guest changed over to: the method of the next attempt, once the running one is proved uncharged.'),
  sequence: z.int().min(1).describe('Grows by one with every change of the payment.'),
  attempts: z.array(attemptSchema),
  conflicts: z.array(conflictSchema).default([]).describe('People and terminals that say different things about an attempt.'),
  surfaced: z.array(surfacedMoneySchema).default([]).describe('Money that a bank took in an attempt that had ended otherwise.'),
  createdAt: timestamp,
  updatedAt: timestamp,
  expiresAt: timestamp,
  closedAt: timestamp.nullable(),
  metadata: z.record(z.string(), z.string()),
}) satisfies z.ZodType<Payment>;

/** Body of `POST /v1/payments`, and `data` of `icafecloud.payment.requested.v1`. */
export const openPaymentBody = z.strictObject({
  siteId: equipmentId,
  orderId,
  amount: amount.describe('Minor units: 15000 is 150.00 RUB.'),
  currency,
  method: method.optional().describe('Left out: the option of the register’s automatic acquiring.'),
  registerId: equipmentId.optional().describe('Its automatic acquiring picks the terminal.'),
  terminalId: equipmentId.optional().describe('The terminal, whatever the register says.'),
  expiresIn: expiresIn.default(limits.expiresInSeconds.usual).describe('Seconds until a payment that has not begun is dropped.'),
  additional: z.boolean().default(false).describe('A second payment of the same order is meant.'),
  purpose: purpose
    .default('sale')
    .describe(
      '`test`: whatever the terminal or the bank takes is voided or refunded at once, exactly once, by KKM itself. It stands in the way of no bill of its order.',
    ),
  metadata: metadata.default({}),
});
/** A request to open a payment, defaults filled in. */
export type OpenPaymentBody = z.output<typeof openPaymentBody>;

/** Body of `POST /v1/payments/{id}/redo`. */
export const redoPaymentBody = z.strictObject({
  method: method.optional(),
  terminalId: equipmentId.optional(),
  amount: amount.optional().describe('May only be lower than the payment’s.'),
  expiresIn: expiresIn.default(limits.expiresInSeconds.usual).describe('Counted afresh.'),
});
/** A request for a further attempt, defaults filled in. */
export type RedoPaymentBody = z.output<typeof redoPaymentBody>;

/** Body of `POST /v1/payments/{id}/refunds`. */
export const refundPaymentBody = z.strictObject({
  amount: amount.optional().describe('Minor units; left out: all that is left of the charge.'),
  reason: lines(limits.evidenceLength).optional().describe('Why, in a person’s words; kept as evidence.'),
});
/** A request to give money back. */
export type RefundPaymentBody = z.output<typeof refundPaymentBody>;

/** Body of `POST /v1/payments/{id}/switch`. */
export const switchPaymentBody = z.strictObject({ method: z.enum(['card', 'sbp_qr']).describe('How the guest wants to pay now.') });

/** Body of `POST /v1/payments/{id}/cancel`: empty, or left out. */
export const cancelPaymentBody = z.strictObject({});

/** Query of `GET /v1/payments`. */
export const listPaymentsQuery = z.strictObject({
  siteId: equipmentId.optional(),
  orderId: orderId.optional(),
  status: z.enum(paymentStatuses).optional(),
  purpose: purpose.optional(),
  method: method.optional().describe('Of one of its sales: `card_or_sbp_qr` finds those in which the terminal let the guest choose.'),
  settlementAccount: settlementAccountNumber
    .optional()
    .describe('Where the money of one of its sales goes, by the settings when that sale was opened; of the sale of `method`, when both are given.'),
  rrn: bankReference.optional().describe('What the bank calls one of its attempts or charges: the RRN; of SBP the bank’s id of the transfer, or of its QR.'),
  authorisationCode: bankReference.optional().describe('On the same attempt or charge as `rrn`, when both are given.'),
  amount: queryAmount.optional().describe('Minor units, asked for or charged.'),
  from: askedTime.optional().describe('Created at or after.'),
  to: askedTime.optional().describe('Created before.'),
  limit: queryInteger(limits.payments),
  cursor: cursor.optional().describe('`next` of the page before.'),
});

/** A page of payments, newest first. */
export const paymentPage = z.object({
  payments: z.array(paymentSchema),
  next: z.string().nullable().describe('Cursor of the next page; null at the end.'),
}) satisfies z.ZodType<PaymentPage>;
