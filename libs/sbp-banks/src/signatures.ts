import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Rejected } from '@kkm/core';
import type { z } from 'zod';

/** HMAC-SHA-256 in lower-case hex. */
export function hmacSha256(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** SHA-256 in lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether two hex digests are the same, in the same time wherever they differ. */
export function isSameDigest(ours: string, theirs: string): boolean {
  const [one, other] = [Buffer.from(ours), Buffer.from(theirs.toLowerCase())];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The body of a notification. @throws Rejected `request.malformed` */
export function readBody<Body>(schema: z.ZodType<Body>, body: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    // The text of the fault could quote the body.
    throw new Rejected('request.malformed', { detail: cause instanceof SyntaxError ? 'not JSON' : 'not readable' });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Rejected('request.malformed', { detail: 'members are missing or of another kind' });
  return parsed.data;
}
