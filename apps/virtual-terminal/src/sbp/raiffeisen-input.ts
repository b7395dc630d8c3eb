import { amountMinorMax } from '@kkm/core';
import { z } from 'zod';

/** Roubles of the wire as minor units: at most two decimals. */
const roubles = z
  .union([z.number(), z.string().regex(/^\d{1,9}(\.\d{1,2})?$/)])
  .transform((told) => Math.round(Number(told) * 100))
  .refine((minor) => Number.isSafeInteger(minor) && minor >= 1 && minor <= amountMinorMax);

const order = z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/);

/** A dynamic QR as `POST /sbp/v1/qr/register` takes it. Other members of the interface are read past. */
export const registerBody = z.object({
  qrType: z.literal('QRDynamic'),
  sbpMerchantId: z.string().min(1).max(12),
  order,
  amount: roubles,
  currency: z.literal('RUB'),
  additionalInfo: z.string().max(140).nullish(),
  paymentDetails: z.string().max(185).nullish(),
  qrExpirationDate: z.iso.datetime({ offset: true }).nullish(),
});

/** A refund as `POST /sbp/v1/refund` takes it. */
export const refundBody = z.object({
  order,
  refundId: z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/),
  amount: roubles,
  paymentDetails: z.string().max(140).nullish(),
});

/** Where notifications go. */
export const callbackBody = z.object({ callbackUrl: z.url({ protocol: /^https?$/ }).max(500) });
