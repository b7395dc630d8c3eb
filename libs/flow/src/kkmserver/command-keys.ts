import type { Digest } from '../gateway/ports';
import { fingerprint } from '../gateway/fingerprint';
import type { KkmCommand } from '@kkm/core';
import type { CommandRecord } from './command-store';

/** So much of a client's text goes into a key or an order id as it is; what is longer, or not fit to be shown, goes as its digest. */
const textMax = 100;

/**
 * The idempotency key of a command's charge. Made of the client's own id, so that it holds even where the gateway's tables were lost: the ledger still knows
 * that this command was charged.
 */
export function chargeKey({ idCommand }: CommandRecord, digest: Digest): string {
  return `kkmserver:${fit(idCommand, digest)}`;
}

/** The idempotency key of what a command gives back: the return it asks for, or its own charge, whose giving back is asked for anew after each refusal. */
export function returnKey({ idCommand, stage, refusals }: CommandRecord, digest: Digest): string {
  return stage === 'giving_back' ? `kkmserver-give-back-${refusals}:${fit(idCommand, digest)}` : `kkmserver-return:${fit(idCommand, digest)}`;
}

/** The key of a receipt: the command's, and a next one after each certain refusal, because a register remembers what it refused. */
export function receiptKey({ id, refusals }: CommandRecord): string {
  return refusals === 0 ? id : `${id}-${refusals}`;
}

/** The order of a command's payment: the bill's own number at its register, by which the ledger knows the same bill under another id (design-money, clause 16). */
export function orderIdOf({ registerId, terminalId, receiptNumber, idCommand }: CommandRecord, digest: Digest): string {
  if (receiptNumber === null) return `kkmserver:${fit(idCommand, digest)}`;
  const bill = `${registerId ?? terminalId ?? ''}:${receiptNumber}`;
  return `kkmserver-bill:${fit(bill, digest)}`;
}

/** Members of a command that a repeat may say otherwise. */
const notAsked = ['timeout', 'idcommand', 'keysublicensing'];

/** What was asked: the same for every repeat of a command. */
export function commandFingerprint({ name, unit, wish }: KkmCommand, digest: Digest): string {
  return fingerprint(digest, `kkmserver ${name}`, { unit, wish: withoutUnasked(wish) });
}

function withoutUnasked(wish: KkmCommand['wish']): unknown {
  if (wish.kind === 'RegisterCheck') return { ...wish, check: { ...wish.check, asSent: asked(wish.check.asSent) } };
  return wish.kind === 'RegisterTask' ? { ...wish, asSent: asked(wish.asSent) } : wish;
}

function asked(sent: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !notAsked.includes(name.toLowerCase())));
}

function fit(text: string, digest: Digest): string {
  return text.length <= textMax && /^[^\p{Cc}\p{Cs}]+$/u.test(text) ? text : `sha256:${digest(text)}`;
}
