import { amountMinorMax, Rejected, unreachable } from '@kkm/core';
import type { Behaviour, CardKind, CustomerAction, Fault, TerminalInput } from '@kkm/drivers/terminals';
import { cardKinds, characters, customerActions, defaultBehaviour, parseFault } from '@kkm/drivers/terminals';
import { z } from 'zod';

/** How many faults one operation can show. */
const faultsMax = 20;

const fault = z
  .string()
  .max(64)
  .transform((text, context): Fault => {
    const read = parseFault(text);
    if (typeof read !== 'string') return read;
    context.addIssue({ code: 'custom', message: read });
    return z.NEVER;
  });

/** `PUT` replaces: what is left out is the default. Only personality, reversal and character, which belong to the terminal rather than to a test's next step, stay as they are. */
const behaviour = z.strictObject({
  auto: z.enum(['approve', 'decline', 'none']).default(defaultBehaviour.auto),
  delayMs: z.number().int().min(0).max(600_000).default(defaultBehaviour.delayMs),
  faults: z.array(fault).max(faultsMax).default([]),
  sticky: z.boolean().default(false),
  personality: z.enum(['plain', 'fields']).optional(),
  reversal: z.enum(['works', 'er3']).optional(),
  character: z.enum(characters).nullable().optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(defaultBehaviour.seed),
});

const customer = z.strictObject({ action: z.enum(customerActions), card: z.enum(cardKinds).default('ok') });

/** What a guest is told to do. */
export interface CustomerInput {
  readonly action: CustomerAction;
  readonly card: CardKind;
}

const attendant = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('sale'), amount: z.int().min(1).max(amountMinorMax) }),
  z.strictObject({ action: z.literal('settle') }),
  z.strictObject({ action: z.literal('pull_cable') }),
  z.strictObject({ action: z.literal('plug_in') }),
  z.strictObject({ action: z.literal('restart') }),
]);

/** Reads the body of `PUT …/behaviour`. Throws `Rejected('request.invalid')` with every fault. */
export function readBehaviour(body: unknown, present: Behaviour): Behaviour {
  const { personality = present.personality, reversal = present.reversal, character = present.character, ...rest } = checked(behaviour, body);
  return { ...rest, personality, reversal, character };
}

/** Reads the body of `POST …/customer`. Throws `Rejected('request.invalid')` with every fault. */
export function readCustomer(body: unknown): CustomerInput {
  return checked(customer, body);
}

/** Reads the body of `POST …/attendant`. Throws `Rejected('request.invalid')` with every fault. */
export function readAttendant(body: unknown): TerminalInput {
  const asked = checked(attendant, body);
  switch (asked.action) {
    case 'sale':
      return { kind: 'attendant', action: { kind: 'sale', amountMinor: asked.amount } };
    case 'settle':
      return { kind: 'attendant', action: { kind: 'settle' } };
    case 'pull_cable':
    case 'plug_in':
      return { kind: 'cable', plugged: asked.action === 'plug_in' };
    case 'restart':
      return { kind: 'restart' };
    default:
      return unreachable(asked);
  }
}

/** The body as the schema reads it. Throws `Rejected('request.invalid')` with every fault. */
export function checked<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ pointer: `#/${issue.path.join('/')}`, detail: issue.message }));
  throw new Rejected('request.invalid', { detail: errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '), members: { errors } });
}
