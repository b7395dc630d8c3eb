import type { Delivery } from './broker';
import { bodyBytesMax } from './publisher';
import type { WireDelivery } from './wire';

/** A delivery a handler can be given, or why not. */
export type ReadDelivery =
  { readonly ok: true; readonly delivery: Delivery } | { readonly ok: false; readonly reason: 'message.malformed' | 'message.too_large' };

const noHeaders = Object.freeze({});

/** Parses a body once. Never throws. */
export function readDelivery(wire: WireDelivery): ReadDelivery {
  if (wire.content.length > bodyBytesMax) return { ok: false, reason: 'message.too_large' };
  const parsed = parseJson(wire.content);
  if (!parsed) return { ok: false, reason: 'message.malformed' };
  const { messageId, type, headers, userId } = wire.properties;
  return {
    ok: true,
    delivery: {
      body: parsed.value,
      messageId: messageId ?? null,
      type: type ?? null,
      routingKey: wire.routingKey,
      headers: headers ?? noHeaders,
      userId: userId ?? null,
      redelivered: wire.redelivered,
    },
  };
}

/** Parses JSON in UTF-8; null when it is none. */
export function parseJson(content: Buffer): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(content.toString('utf8')) };
  } catch {
    return null; // The sender's fault; the caller says what becomes of it.
  }
}
