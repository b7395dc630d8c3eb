import { guestSwitches, outcomeReasons, qrWindowSeconds, Rejected } from '@kkm/core';
import { z } from 'zod';

const milliseconds = z.number().int().min(1).max(3_600_000);
const operationCode = z.string().regex(/^\d{1,3}$/);
const fieldList = z.array(z.number().int().min(0).max(255)).max(32);
const reason = z.enum(outcomeReasons);

/** Host response codes (field 15) beside a decline → reason. ISO 8583 field 39 as Russian acquirers use it; a code that is not listed gives `unrecognised`. */
const hostReasons = {
  '04': 'card_blocked',
  '05': 'do_not_honour',
  '07': 'card_blocked',
  '33': 'card_expired',
  '36': 'card_blocked',
  '38': 'wrong_pin',
  '41': 'card_blocked',
  '43': 'card_blocked',
  '51': 'insufficient_funds',
  '54': 'card_expired',
  '55': 'wrong_pin',
  '57': 'do_not_honour',
  '58': 'not_supported',
  '61': 'limit_exceeded',
  '62': 'card_blocked',
  '65': 'limit_exceeded',
  '75': 'wrong_pin',
  '91': 'host_unreachable',
  '95': 'reconciliation_required',
  '96': 'terminal_fault',
} as const;

const timeouts = z.strictObject({
  /** No ACK for so long: a link test is sent again, a sale is not. */
  ackMs: milliseconds.default(1_000),
  /** How often a non-financial request is sent before it is given up. */
  sendsMax: z.number().int().min(1).max(10).default(3),
  /** A frame that stands still for so long is dropped. */
  gapMs: milliseconds.default(1_000),
  /** From the ACK to the first frame. */
  firstAnswerMs: milliseconds.default(5_000),
  /** From any frame to the next. */
  idleMs: milliseconds.default(60_000),
  /** From the request to its end. */
  hardMs: milliseconds.default(240_000),
  /** How long an EOT waits for a frame behind it before it counts as the end; also how long the EOT after a result is waited for before the next request. */
  endMs: milliseconds.default(300),
});

/** Fields sent with each operation, in this order. Only what the request knows is sent: 0, 4, 13, 14, 25, 26, 27 and the profile's constants. */
const fields = z.strictObject({
  sale: fieldList.default([0, 4, 25, 26]),
  void: fieldList.default([0, 4, 13, 14, 25, 26]),
  refund: fieldList.default([0, 4, 13, 14, 25, 26]),
  reversal: fieldList.default([25, 0, 4]),
});

const operations = z.strictObject({
  sale: operationCode.default('1'),
  void: operationCode.default('4'),
  wait: operationCode.default('21'),
  linkTest: operationCode.default('26'),
  refund: operationCode.default('29'),
  show: operationCode.default('41'),
  reversal: operationCode.default('53'),
  settle: operationCode.default('59'),
  user: operationCode.default('63'),
});

/** How SBP is paid (facts on SBP, section 5). A profile that does not say by what means `bank_qr`. */
const sbp = z.preprocess(
  (raw) => (typeof raw === 'object' && raw !== null && !('by' in raw) ? { by: 'bank_qr', ...raw } : raw),
  z.discriminatedUnion('by', [
    z.strictObject({
      by: z.literal('bank_qr'),
      /** How long a guest has to pay. */
      windowSeconds: z.int().min(qrWindowSeconds.min).max(qrWindowSeconds.max).default(qrWindowSeconds.usual),
      /** What the guest's cancel key means during a payment by card or QR. */
      guestSwitch: z.enum(guestSwitches).default('none'),
    }),
    z.strictObject({
      by: z.literal('terminal'),
      /** Field 25 of a sale by SBP; no public source names it, so there is no default. */
      operation: operationCode,
      /** Contents of field 8 of a result that says "the guest paid by QR". Assumed: the letter is another protocol's entry mode, no source names INPAS's. */
      entryModeQr: z.string().min(1).max(16).default('Q'),
    }),
    z.strictObject({ by: z.literal('none') }),
  ]),
);

const schema = z.strictObject({
  operations: operations.prefault({}),
  fields: fields.prefault({}),
  timeouts: timeouts.prefault({}),
  /** Contents of further fields by number, for example `{"41": "..."}`; sent where a field list names them. */
  constants: z.record(z.string().regex(/^\d{1,3}$/), z.string().max(64)).default({}),
  /** Sent in field 27 where a field list names it. */
  bankTerminalId: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/)
    .nullable()
    .default(null),
  abort: z.enum(['eot', 'none']).default('eot'),
  cardWaitMs: milliseconds.default(60_000),
  sbp: sbp.prefault({}),
  /** Field 57 of a display; the public register sends 20, and writes up to three digits. */
  qrShowSeconds: z.int().min(5).max(999).default(20),
  /** What status 17 ("done offline") means at this bank. */
  offline: z.enum(['approved', 'unknown']).default('unknown'),
  /** Overrides and additions to the built-in host codes. */
  hostReasons: z.record(z.string().max(8), reason).default({}),
  /** An answer with this status and one of these texts, without host code, RRN and authorisation code, is a card that could not be read (design-money, clause 8). No text: no signature. */
  readFailure: z
    .strictObject({ status: z.string().max(4), texts: z.array(z.string().min(1).max(64)).max(16) })
    .default({ status: '53', texts: ['ОШИБКА ЧТЕНИЯ КАРТЫ'] }),
  /** Texts beside status 53 that tell more than "cancelled". */
  cancelReasons: z.record(z.string().max(64), reason).default({ 'ВРЕМЯ ОЖИДАНИЯ ИСТЕКЛО': 'customer_timeout' }),
});

/** What differs from bank to bank: codes, fields, timeouts. Every member has the default of the published facts. */
export type InpasProfile = z.infer<typeof schema>;

/** Checks and completes a profile; its own result is a valid input. Throws `Rejected('request.invalid')` that lists every fault. */
export function parseInpasProfile(raw: unknown): InpasProfile {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ path: ['profile', ...issue.path].join('.'), message: issue.message }));
  throw new Rejected('request.invalid', { detail: errors.map((error) => `${error.path}: ${error.message}`).join('; '), members: { errors } });
}

/** The reason a host code stands for; `unrecognised` when neither the profile nor the built-in table lists it. */
export function hostReason(profile: InpasProfile, code: string | null): (typeof outcomeReasons)[number] {
  const builtIn: Readonly<Record<string, (typeof outcomeReasons)[number]>> = hostReasons;
  return lookedUp(profile.hostReasons, code) ?? lookedUp(builtIn, code) ?? 'unrecognised';
}

/** What a table of a profile says about a text from the wire; null when it does not list it. */
export function lookedUp<T>(table: Readonly<Record<string, T>>, key: string | null): T | null {
  return key !== null && Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
