import { createHash } from 'node:crypto';
import { limits } from '@kkm/contracts';
import type { NotReplayable, ParkedBodyForm } from '@kkm/core';
import type { RawDelivery } from '@kkm/messaging';
import { redact } from '@kkm/observability';
import { judgeOrigin } from './judge-origin';
import type { ClaimedOrigin } from './judge-origin';
import { keptBody } from './kept-body';

/** A parked message as it is first stored. */
export interface NewParked {
  /** The same for every copy of one parking, and of the same message parked for the same reason. */
  readonly fingerprint: Buffer;
  readonly reason: string;
  readonly siteId: string | null;
  readonly paymentId: string | null;
  readonly queue: string | null;
  readonly exchange: string | null;
  readonly routingKey: string | null;
  readonly messageId: string | null;
  readonly type: string | null;
  readonly contentType: string | null;
  readonly sender: string | null;
  readonly size: number;
  readonly headers: unknown;
  readonly body: string;
  readonly bodyForm: ParkedBodyForm;
  readonly isBodyCut: boolean;
  readonly notReplayable: NotReplayable | null;
  /** From when on it is not sent again, because its guest has left; null: its age does not matter here. */
  readonly expiresAt: Date | null;
  /** As its mark says; the store knows whether there is such a one. */
  readonly replayOf: string | null;
}

/** Headers by which a replayed message is known: which parked one it was, and who sent it again. */
export const replayMarks = { of: 'x-replay-of', by: 'x-replayed-by' } as const;

/** Longer texts of the envelope are cut; AMQP's own have 255 bytes at most. */
const textMax = 255;

/** Larger headers are not kept, as text in JSON. */
const headersMax = 16 * 1024;

/** Reads a parked copy, whatever it holds. Never throws: there is no place left to park to. */
export function readParked(delivery: RawDelivery, { serviceUser, nowMs }: { readonly serviceUser: string; readonly nowMs: number }): NewParked {
  const kept = keptBody(delivery.content);
  const claims = claimsOf(delivery);
  const { sender, siteId, obstacle } = judgeOrigin({ ...claims, body: kept.json }, serviceUser);
  const { exchange, routingKey, queue, reason } = claims;
  const { messageId, type, contentType } = delivery;
  const envelope = { queue, exchange, routingKey, messageId, type, contentType };
  const clean = mapped(envelope, cleanText);
  const isChanged = Object.entries(envelope).some(([name, text]) => clean[name as keyof typeof clean] !== text);
  // A mark is KKM's own: a caller's header of that name links nothing.
  const replayOf =
    delivery.userId === serviceUser && (claims.way === 'dead_lettered' || claims.sender === serviceUser) ? textOf(delivery, replayMarks.of) : null;
  return {
    fingerprint: fingerprintOf(delivery, [delivery.userId, reason, exchange, routingKey, queue, messageId, type, replayOf]),
    reason: cleanText(reason) ?? 'unknown',
    siteId,
    paymentId: paymentIdIn(kept.json),
    ...clean,
    sender: cleanText(sender),
    size: delivery.content.length,
    headers: keptHeaders(delivery.headers),
    body: kept.body,
    bodyForm: kept.form,
    isBodyCut: kept.isCut,
    notReplayable: kept.obstacle ?? (isChanged ? 'redacted' : obstacle),
    expiresAt: expiryOf(delivery, kept.json, nowMs),
    replayOf,
  };
}

type Claims = Omit<ClaimedOrigin, 'body'> & { readonly reason: string | null };

/** Where it says it came from: KKM's own headers, else those that the broker writes when it dead-letters. */
function claimsOf(delivery: RawDelivery): Claims {
  const { userId } = delivery;
  const reason = textOf(delivery, 'x-park-reason');
  if (reason === null)
    return {
      userId,
      way: 'dead_lettered',
      reason: textOf(delivery, 'x-first-death-reason'),
      exchange: textOf(delivery, 'x-first-death-exchange'),
      routingKey: delivery.routingKey,
      queue: textOf(delivery, 'x-first-death-queue'),
      sender: userId,
    };
  return {
    userId,
    way: 'parked',
    reason,
    exchange: textOf(delivery, 'x-original-exchange'),
    routingKey: textOf(delivery, 'x-original-routing-key'),
    queue: textOf(delivery, 'x-original-queue'),
    sender: textOf(delivery, 'x-original-user-id'),
  };
}

function textOf({ headers }: RawDelivery, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A text that the database takes and anybody may read. */
function cleanText(text: string | null): string | null {
  return text === null ? null : String(redact(text.replace(/[\p{Cc}\p{Cs}]/gu, ''))).slice(0, textMax);
}

function mapped<Name extends string>(texts: Readonly<Record<Name, string | null>>, map: (text: string | null) => string | null): Record<Name, string | null> {
  return Object.fromEntries(Object.entries<string | null>(texts).map(([name, text]) => [name, map(text)])) as Record<Name, string | null>;
}

function keptHeaders(headers: RawDelivery['headers']): unknown {
  const kept = redact(headers);
  return JSON.stringify(kept).length > headersMax ? {} : kept;
}

/** Without what the broker or a repeated parking writes anew: counts of deliveries, times, traces. */
function fingerprintOf({ content }: RawDelivery, facts: readonly (string | null)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(facts)).update('\0').update(content).digest();
}

/** Until when a request that has a guest wait at a terminal may begin, counted from when it was parked. */
function expiryOf({ routingKey, headers }: RawDelivery, json: unknown, nowMs: number): Date | null {
  if (!/\.(?:payment|redo)\.requested$/.test(routingKey)) return null;
  const { min, max, usual } = limits.expiresInSeconds;
  const asked = memberOf(memberOf(json, 'data'), 'expiresIn');
  const seconds = typeof asked === 'number' && asked >= min && asked <= max ? asked : usual;
  const parkedMs = headers['x-sent-at-ms'];
  const sinceMs = typeof parkedMs === 'number' && parkedMs > 0 && parkedMs < nowMs ? parkedMs : nowMs;
  return new Date(sinceMs + seconds * 1_000);
}

/** Commands and results name their payment, requests and events in their data. */
function paymentIdIn(json: unknown): string | null {
  const data = memberOf(json, 'data');
  const id = memberOf(json, 'paymentId') ?? memberOf(data, 'paymentId') ?? (Array.isArray(memberOf(data, 'attempts')) ? memberOf(data, 'id') : undefined);
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
