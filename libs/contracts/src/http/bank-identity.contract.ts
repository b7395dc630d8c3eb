import { accountFitsBik, isInn } from '@kkm/core';
import type { BankIdentity } from '@kkm/core';
import { z } from 'zod';
import { limits, line, told } from '../fields';

/** Number of a settlement account. */
export const settlementAccountNumber = z.string().regex(/^\d{20}$/, 'must be 20 digits');
const bikPattern = /^\d{9}$/;
const bik = z.string().regex(bikPattern, 'must be 9 digits');
const inn = z.string().regex(/^(?:\d{10}|\d{12})$/, 'must be 10 or 12 digits');

/** What the bank knows a terminal by, as it is shown. */
export const bankIdentitySchema = z.object({
  terminalId: z.string().nullable().describe('The bank’s number of the terminal, as slips show it.'),
  merchantId: z.string().nullable().describe('The bank’s number of the merchant.'),
  legalEntity: z.object({ name: z.string(), inn: z.string().nullable() }).nullable().describe('Whom the money belongs to.'),
  settlementAccount: z.object({ number: z.string(), bik: z.string().nullable() }).nullable().describe('Where the bank pays it to; reports go by it.'),
}) satisfies z.ZodType<BankIdentity>;

/** What the bank knows a terminal by, as a body sets it: as a whole, what is left out is not known. */
export const setBankIdentity = z.strictObject({
  terminalId: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/, 'must be 1 to 16 of A-Z a-z 0-9')
    .nullable()
    .default(null),
  merchantId: z
    .string()
    .regex(/^[A-Za-z0-9]{1,15}$/, 'must be 1 to 15 of A-Z a-z 0-9')
    .nullable()
    .default(null),
  legalEntity: z
    .strictObject({
      name: line(limits.legalNameLength),
      inn: inn.refine(isInn, 'has a wrong check digit').nullable().default(null),
    })
    .nullable()
    .default(null),
  settlementAccount: z
    .strictObject({ number: settlementAccountNumber, bik: bik.nullable().default(null).describe('Given: the account’s key digit is checked with it.') })
    .refine((account) => account.bik === null || !bikPattern.test(account.bik) || accountFitsBik(account.number, account.bik), {
      path: ['number'],
      message: 'does not fit the BIK: one of the two has a wrong digit',
    })
    .nullable()
    .default(null),
});

/** The same between processes, as it was set: it was checked then, and no payment is refused over it. */
export const toldBankIdentity = z.object({
  terminalId: told(limits.bankReferenceLength).nullable(),
  merchantId: told(limits.bankReferenceLength).nullable(),
  legalEntity: z.object({ name: told(limits.legalNameLength), inn: told(limits.bankReferenceLength).nullable() }).nullable(),
  settlementAccount: z.object({ number: told(limits.bankReferenceLength), bik: told(limits.bankReferenceLength).nullable() }).nullable(),
}) satisfies z.ZodType<BankIdentity, unknown>;
