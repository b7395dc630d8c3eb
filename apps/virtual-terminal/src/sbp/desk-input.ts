import { Rejected } from '@kkm/core';
import { z } from 'zod';
import { checked } from '../control-input';
import { parseDeskFault } from './desk-faults';
import type { DeskFault } from './desk-faults';
import type { SbpMerchant } from './sbp-desk';

const fault = z
  .string()
  .max(64)
  .transform((text, context): DeskFault => {
    const read = parseDeskFault(text);
    if (typeof read !== 'string') return read;
    context.addIssue({ code: 'custom', message: read });
    return z.NEVER;
  });

const behaviour = z.strictObject({
  delayMs: z.number().int().min(0).max(60_000).default(0),
  sticky: z.boolean().default(false),
  faults: z.array(fault).max(20).default([]),
});

/** `begin` puts a payment on its way, `complete` lets its money arrive; without a step both happen. */
const pay = z.strictObject({ late: z.boolean().default(false), step: z.enum(['begin', 'complete']).optional() });
const secret = z.string().min(8).max(256);
const account = z.strictObject({ secret });

/** Reads the body of `PUT /bank/sbp/behaviour`. Throws `Rejected('request.invalid')` with every fault. */
export function readDeskBehaviour(body: unknown): z.output<typeof behaviour> {
  return checked(behaviour, body);
}

/** Reads the body of `POST /bank/sbp/qrs/{qrId}/pay`. Throws `Rejected('request.invalid')`. */
export function readPay(body: unknown): z.output<typeof pay> {
  return checked(pay, body);
}

/** Reads the body of `PUT /bank/sbp/accounts/{merchantId}`. Throws `Rejected('request.invalid')`. */
export function readAccount(merchantId: string, body: unknown): Pick<SbpMerchant, 'secret'> {
  if (!/^[A-Za-z0-9]{1,12}$/.test(merchantId)) throw new Rejected('request.invalid', { detail: 'A merchant has 1 to 12 letters and digits.' });
  return checked(account, body);
}

/** Reads `MA0000000001:secret,MA0000000002:other`; otherwise says in a sentence what is wrong. */
export function readMerchants(text: string): readonly SbpMerchant[] | string {
  const merchants: SbpMerchant[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const [, merchantId, given] = /^([A-Za-z0-9]{1,12}):(\S{8,256})$/.exec(part) ?? [];
    if (merchantId === undefined || given === undefined)
      return 'must be "merchant:secret", several separated by commas; a merchant has 1 to 12 letters and digits, a secret 8 to 256 characters';
    merchants.push({ merchantId, secret: given });
  }
  return new Set(merchants.map((merchant) => merchant.secret)).size < merchants.length ? 'every secret only once: it says who calls' : merchants;
}
