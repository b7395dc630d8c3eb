import { createHmac } from 'node:crypto';

/** What is signed: the message's id, the time of the try in seconds, and the body to the byte. */
export interface SignedMessage {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/** The header `webhook-signature` of Standard Webhooks: one `v1` signature (HMAC-SHA256) per secret, `whsec_` and base64 each, so that a receiver may know either. */
export function webhookSignature(secrets: readonly string[], { id, timestamp, body }: SignedMessage): string {
  const signed = `${id}.${timestamp}.${body}`;
  return secrets.map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(signed).digest('base64')}`).join(' ');
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}
