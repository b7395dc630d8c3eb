import { z } from 'zod';
import { line, numDevice } from '../fields';

/** What becomes of a charge whose receipt failed. */
export const receiptFailures = ['keep', 'void'] as const;

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .max(500)
  .refine(isPlainAddress, 'must hold no credentials, no query and no fragment, and be no link-local address')
  .describe('Where a KkmServer-compatible register takes commands, for example `http://192.168.1.30:5893/Execute`. An address of the own network is usual.');
const login = line(100).describe('User of its Basic authentication.');
const numberThere = numDevice.describe('Number of the register there; 0: its first.');

/** A register's fiscal side as it is shown: never the password. */
export const fiscalSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('none') }).describe('A virtual register: numbers checks and shifts and says on everything that it is not fiscal.'),
  z.object({
    mode: z.literal('forward'),
    url: z.string(),
    login: z.string(),
    numDevice: numberThere,
    passwordSet: z.boolean().describe('Whether one is stored; it is never shown again.'),
  }),
]);
/** One of {@link fiscalSchema}. */
export type Fiscal = z.output<typeof fiscalSchema>;

/** Body of `PUT /v1/registers/{id}/fiscal`. */
export const setFiscalBody = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('none') }),
  z.strictObject({
    mode: z.literal('forward'),
    url,
    login: login.default('User'),
    password: line(200, 0)
      .optional()
      .describe('Left out: the stored one stays, for the same address and login. Empty: there is none. Stored sealed, never shown or logged.'),
    numDevice: numberThere.default(0),
  }),
]);
/** A request to set a register's fiscal side. */
export type SetFiscal = z.output<typeof setFiscalBody>;

/** A register's settings about its checks. */
export const checkSettings = {
  unitName: line(100).nullable().describe('What KkmServer answers call it; null: its name.'),
  enabled: z.boolean().describe('Whether the KkmServer door finds it.'),
  onReceiptFailure: z
    .enum(receiptFailures)
    .describe('What becomes of a charge whose receipt failed: kept, with the receipt to be repeated and visible; or given back.'),
  settleOnCloseShift: z.boolean().describe('Whether the end of its shift also settles the terminals of the site.'),
};

/**
 * Whether a URL says where and nothing else: credentials in it would be shown, stored and logged. Cafés have their register in their own network, so private addresses are taken;
 * no register is at a link-local one, where the clouds keep what their machines are trusted with.
 */
function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const { username, password, hostname } = new URL(text);
  return username === '' && password === '' && !/^(?:169\.254\.|\[fe[89ab]|\[::ffff:a9fe:)/.test(hostname);
}
