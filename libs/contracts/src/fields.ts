import { amountMinorMax, currencies, equipmentIdPattern, methods, purposes } from '@kkm/core';
import { z } from 'zod';

/** Limits of everything a caller may send; written down here and nowhere else. */
export const limits = {
  bodyBytes: 64 * 1024,
  orderIdLength: 128,
  nameLength: 100,
  legalNameLength: 200,
  metadataPairs: 20,
  metadataKeyLength: 64,
  metadataValueLength: 500,
  idempotencyKeyLength: 255,
  evidenceLength: 2000,
  bankReferenceLength: 64,
  printedLength: 100_000,
  dismissReasonLength: 500,
  linkTestsWaiting: 20,
  expiresInSeconds: { min: 5, max: 900, usual: 180 },
  waitSeconds: 60,
  payments: { max: 200, usual: 50 },
  events: { max: 1000, usual: 100 },
  equipment: { max: 500, usual: 100 },
  numDevice: 9999,
  readAttempts: { max: 10, usual: 3 },
  profileDepth: 8,
  profileNodes: 1000,
  rotationGraceSeconds: 86_400,
  userNameLength: 64,
  passwordLength: { min: 10, max: 200 },
  audit: { max: 200, usual: 50 },
  deliveries: { max: 200, usual: 50 },
  parked: { max: 200, usual: 50 },
  parkedShownLength: 100_000,
  webhookOverlapSeconds: { max: 7 * 86_400, usual: 86_400 },
} as const;

/** Control characters and lone surrogates break databases, logs and terminals; no text of the contract holds them. */
const printable = /^[^\p{Cc}\p{Cs}]*$/u;

/** One line of text of `min` to `max` characters without control characters. */
export function line(max: number, min = 1): z.ZodString {
  return z.string().min(min).max(max).regex(printable, 'must not hold control characters');
}

/** Text of 1 to `max` characters that may have lines, and says something. */
export function lines(max: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u, 'must not hold control characters but line ends and tabs')
    .regex(/\S/, 'must say something');
}

/** Text that people or terminals wrote. What the database cannot hold is cut away instead of refused: nothing may be lost over a character. */
export function told(max: number) {
  return z.string().transform((text) => text.slice(0, max).replace(/[\u0000\p{Cs}]/gu, ''));
}

/** Id of a site, register, terminal or profile: chosen by people, part of queue names. */
export const equipmentId = z.string().regex(equipmentIdPattern, 'must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit');

/** Id that KKM made (`pay_…`, `att_…`, `key_…`). Callers treat it as opaque. */
export const opaqueId = z.string().min(1).max(64);

/** The caller's name for the bill. */
export const orderId = line(limits.orderIdLength);

/** An amount to collect, in minor units. */
export const amount = z.int().min(1).max(amountMinorMax);

/** An amount that was moved, in minor units; 0 until then. */
export const amountSoFar = z.int().min(0);

/** ISO 4217 code. */
export const currency = z.enum(currencies);

/** What a bank calls an operation: an RRN, an authorisation code. */
export const bankReference = line(limits.bankReferenceLength);

/** How the guest may pay. */
export const method = z.enum(methods);

/** What a payment is for. */
export const purpose = z.enum(purposes);

/** Seconds until a payment that has not begun is dropped. */
export const expiresIn = z.int().min(limits.expiresInSeconds.min).max(limits.expiresInSeconds.max);

/** Up to 20 string pairs of the caller's own, returned as sent. */
export const metadata = z
  .record(line(limits.metadataKeyLength), line(limits.metadataValueLength, 0))
  .refine((pairs) => Object.keys(pairs).length <= limits.metadataPairs, `must hold at most ${limits.metadataPairs} pairs`)
  .meta({ maxProperties: limits.metadataPairs });

/** RFC 3339 in UTC, as KKM writes it. */
export const timestamp = z.iso.datetime();

/** RFC 3339 with any offset, as a caller may ask; years 1970 to 2199. */
export const askedTime = z.iso.datetime({ offset: true }).refine((text) => text >= '1970' && text < '2200', 'must lie between 1970 and 2199');

/** A page cursor: opaque, as the page before gave it. */
export const cursor = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'must be a cursor of an earlier page');

/** A whole number that comes as text in a query. */
export function queryInteger(range: { readonly max: number; readonly usual: number }): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number().int().min(1).max(range.max).default(range.usual);
}

/** An amount that comes as text in a query. */
export const queryAmount = z.coerce.number().int().min(1).max(amountMinorMax);

/** Number of a register or terminal in KkmServer's way of counting; unique among the site's registers, and among its terminals. */
export const numDevice = z.int().min(0).max(limits.numDevice);

/** Ids and nonces that services draw. */
export const drawnId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/);
