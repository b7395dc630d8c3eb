import { Rejected } from '@kkm/core';
import { limits } from '@kkm/contracts';

/** An RFC 8941 string: quoted, visible ASCII and spaces, with `\"` and `\\` escaped. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

/** What callers send who leave the quotes out: visible ASCII without quotes, commas and semicolons. */
const bare = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x7e]+$/;

/**
 * The key of the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). `"abc"` and `abc` are the same key.
 * @throws Rejected `idempotency.key_missing`; `request.malformed` when it is no single string or too long.
 */
export function idempotencyKeyOf(header: string | string[] | undefined): string {
  const text = (Array.isArray(header) ? header.join(',') : (header ?? '')).trim();
  if (text === '' || text === '""') throw new Rejected('idempotency.key_missing');
  const [, inside] = quoted.exec(text) ?? [];
  const key = inside === undefined ? text : inside.replace(/\\(["\\])/g, '$1');
  if (inside === undefined && !bare.test(text)) throw new Rejected('request.malformed', { detail: 'Idempotency-Key must be one string.' });
  if (key.length > limits.idempotencyKeyLength)
    throw new Rejected('request.malformed', { detail: `Idempotency-Key may have ${limits.idempotencyKeyLength} characters.` });
  return key;
}
