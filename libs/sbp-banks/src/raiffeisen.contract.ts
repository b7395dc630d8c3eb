import { z } from 'zod';
import { roubles } from './roubles';

/** Every answer carries it; those of the second version of the interface only when something is wrong. */
export const coded = z.object({ code: z.string().max(200) });

/** Answer to registering a QR. What is not a link to pay by is not shown to anybody. */
export const registeredQr = z.object({ qrId: z.string().min(1).max(64), payload: z.string().regex(/^https:\/\/[!-~]{1,500}$/) });

/** How a QR stands. */
export const qrState = z.object({ qrStatus: z.enum(['NEW', 'IN_PROGRESS', 'PAID', 'EXPIRED', 'CANCELLED']) });

/** What a payment by QR came to. */
export const paymentInfo = z.object({
  amount: roubles,
  currency: z.literal('RUB'),
  order: z.string(),
  paymentStatus: z.enum(['SUCCESS', 'DECLINED', 'NO_INFO', 'IN_PROGRESS']),
  transactionId: z.coerce.string().max(100).nullish(),
});

/** How a refund stands. */
export const refundState = z.object({ amount: roubles, refundStatus: z.enum(['IN_PROGRESS', 'COMPLETED', 'DECLINED']) });

/** A notification. The signature covers amount, merchant, order, status and date. */
export const notification = z.object({
  amount: roubles,
  currency: z.literal('RUB'),
  sbpMerchantId: z.string(),
  order: z.string(),
  paymentStatus: z.string(),
  transactionDate: z.string(),
  qrId: z.string().nullish(),
  transactionId: z.coerce.string().max(100).nullish(),
});
