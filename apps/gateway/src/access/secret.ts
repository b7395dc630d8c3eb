import { createHash, randomBytes } from 'node:crypto';

/** A new API key: 256 random bits, so that no list of likely keys exists to try. */
export function newSecret(): string {
  return `kkm_${randomBytes(32).toString('base64url')}`;
}

/**
 * What is stored of a key. A plain SHA-256 is right here, and a slow password hash would be wrong: the key holds 256 random bits, which nobody can try out,
 * so slowness would protect nothing and cost each request. The lookup by this hash is also the comparison: what an attacker could learn from its timing
 * are bits of a hash of which he cannot choose the input's outcome, not bits of the key.
 */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The end of a key, shown so that people can tell keys apart. */
export function hintOfSecret(secret: string): string {
  return secret.slice(-4);
}

/** The secret of a session: 256 random bits as well, without a mark of its own, for it is shown to nobody. */
export function newSessionSecret(): string {
  return randomBytes(32).toString('base64url');
}
