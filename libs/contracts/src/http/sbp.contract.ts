import { sbpBankNames } from '@kkm/core';
import type { SbpAccount } from '@kkm/core';
import { z } from 'zod';
import { equipmentId, line, timestamp } from '../fields';

/** A site's contract with a bank, as it is shown: never the secret. */
export const sbpAccountSchema = z.object({
  siteId: equipmentId,
  bank: z.enum(sbpBankNames),
  baseUrl: z.string(),
  merchantId: z.string().describe('The bank’s number of the merchant.'),
  active: z.boolean().describe('Whether it is the one that new QRs are asked of.'),
  secretSet: z.literal(true).describe('The secret is never shown again.'),
  changedAt: timestamp,
  changedBy: z.string().describe('Name of the key that set it.'),
}) satisfies z.ZodType<SbpAccount>;
/** One of {@link sbpAccountSchema}. */
export type ShownSbpAccount = z.output<typeof sbpAccountSchema>;

/** Body of `PUT /v1/sites/{id}/sbp-account`. */
export const setSbpAccountBody = z.strictObject({
  bank: z.enum(sbpBankNames),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'must be an https:// URL' })
    .max(500)
    .describe('Origin and path prefix of the bank’s interface; https, and a public host unless private ones are allowed by configuration.'),
  merchantId: line(64).describe('The bank’s number of the merchant: `sbpMerchantId`, `TerminalKey`.'),
  secret: line(500)
    .optional()
    .describe(
      'Secret key or password of the bank’s interface. Left out: the one that is stored stays, for an address of the same origin. Sealed to the ledger at once, never shown or logged.',
    ),
});
/** A request to set a site's bank. */
export type SetSbpAccountBody = z.output<typeof setSbpAccountBody>;
