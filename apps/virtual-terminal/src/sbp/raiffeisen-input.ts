/* What merchants send, after `sbp.yaml` of Raiffeisen-DGTL/ecom-API (2021): each fault has the bank's own code. */
import { amountMinorMax } from '@kkm/core';
import { z } from 'zod';
import { DeskRefusal } from './desk-answer';

/** The members of a registration that are used. */
export interface Registration {
  readonly sbpMerchantId: string;
  readonly order: string;
  readonly amountMinor: number;
  readonly additionalInfo: string | null;
  /** Null: the bank's own, three days. */
  readonly expiresAtMs: number | null;
}

/** The members of a refund that are used. */
export interface RefundInput {
  readonly order: string;
  readonly refundId: string;
  readonly amountMinor: number;
}

/** Roubles with at most two digits behind the point, read by their digits. */
const roubles = z.union([z.number(), z.string()]).transform((value, context) => {
  const digits = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(String(value));
  const minor = digits ? Number(digits[1]) * 100 + Number((digits[2] ?? '').padEnd(2, '0')) : 0;
  if (minor >= 1 && minor <= amountMinorMax) return minor;
  context.addIssue({ code: 'custom', message: 'not an amount in roubles' });
  return z.NEVER;
});

const order = z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/);
const registration = z.object({
  qrType: z.literal('QRDynamic'),
  sbpMerchantId: z.string().min(1).max(12),
  order,
  amount: roubles,
  currency: z.literal('RUB'),
  additionalInfo: z.string().max(140).nullish(),
  paymentDetails: z.string().max(185).nullish(),
  qrExpirationDate: z.iso.datetime({ offset: true }).nullish(),
});
const refund = z.object({ order, refundId: z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/), amount: roubles, paymentDetails: z.string().max(140).nullish() });
const callback = z.object({ callbackUrl: z.url({ protocol: /^https?$/ }).max(2_000) });

/** Codes by the member that is at fault. */
const codes: Readonly<Record<string, string>> = {
  sbpMerchantId: 'SBP_MERCHANT_ID_IS_MISSING',
  order: 'INVALID_ORDER',
  qrExpirationDate: 'QR_EXPIRATION_DATE_NOT_VALID',
};

/** Reads the body of a registration. Static QRs and subscriptions are not offered. @throws DeskRefusal */
export function readRegistration(body: unknown): Registration {
  const members: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  if (members['qrType'] === 'QRDynamic' && (members['amount'] ?? null) === null) throw new DeskRefusal(400, 'ERROR.DYNAMIC_QR_WITHOUT_AMOUNT');
  const read = checked(registration, body);
  const { sbpMerchantId, amount, additionalInfo, qrExpirationDate } = read;
  const expiresAtMs = qrExpirationDate ? Date.parse(qrExpirationDate) : null;
  return { sbpMerchantId, order: read.order, amountMinor: amount, additionalInfo: additionalInfo ?? null, expiresAtMs };
}

/** Reads the body of a refund. @throws DeskRefusal */
export function readRefund(body: unknown): RefundInput {
  const read = checked(refund, body);
  return { order: read.order, refundId: read.refundId, amountMinor: read.amount };
}

/** Reads the body of `settings/v1/callback`. @throws DeskRefusal */
export function readCallback(body: unknown): { readonly callbackUrl: string } {
  return checked(callback, body);
}

/** Reads a body. @throws DeskRefusal with the code of the first member at fault */
function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const member = String(parsed.error.issues[0]?.path[0] ?? '');
  throw new DeskRefusal(400, `ERROR.${codes[member] ?? 'INVALID_REQUEST'}`);
}
