import { maskCardNumbers } from '@kkm/core';

/** What stands where a secret stood. */
const hidden = '[hidden]';

/** How deep an object is logged; below that there is only a mark. Also ends cycles. */
const depthMax = 8;

/** Members whose name, without case and separators, contains one of these are never shown. */
const secretParts = ['authorization', 'password', 'passphrase', 'secret', 'token', 'cookie', 'credential', 'cvv', 'cvc', 'pinblock', 'track1', 'track2'];

/** Names ending in "key" are hidden but for these, which are no secrets and tell one message from another. */
const plainKeys = new Set(['routingkey', 'xoriginalroutingkey', 'idempotencykey', 'publickey', 'messagekey']);

/** Secrets inside text, by patterns whose work grows with the length of the text only: credentials of a URL, bearer tokens, `name=value` and `"name":"value"`. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,100}):[^\s/@]+@/gi, `$1:${hidden}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${hidden}`],
  [/((?:password|passphrase|secret|token|api[-_]?key)\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\,;&}]+/gi, `$1${hidden}`],
];

/** Masks card numbers and secrets inside a text. */
export function maskText(text: string): string {
  let masked = text;
  for (const [pattern, replacement] of secretTexts) masked = masked.replace(pattern, replacement);
  return maskCardNumbers(masked);
}

/** A copy of `value` fit for a log: secrets by name, card numbers by their digits, bytes by their length, errors as objects. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return maskText(String(value));
  if (typeof value === 'number') return Math.abs(value) >= 1e13 ? maskNumber(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (depth >= depthMax) return '[deeper]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return redact(errorFacts(value), depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (value instanceof Map || value instanceof Set) return redact([...value], depth);
  if ('toJSON' in value && typeof value.toJSON === 'function') return redact((value.toJSON as () => unknown)(), depth + 1);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [maskText(name), isSecretName(name) ? hideMember(member) : redact(member, depth + 1)]),
  );
}

/** What a log keeps of an error: class, text, code, stack and cause; nothing else that a library hung on it but plain members. */
function errorFacts(error: Error): Record<string, unknown> {
  return { ...error, type: error.name, message: error.message, stack: error.stack, ...(error.cause === undefined ? {} : { cause: error.cause }) };
}

function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return secretParts.some((part) => plain.includes(part)) || plain === 'pan' || plain === 'pin' || (plain.endsWith('key') && !plainKeys.has(plain));
}

/** That a secret is missing is worth knowing; what it is, is not. */
function hideMember(member: unknown): unknown {
  return member === null || member === undefined ? member : hidden;
}

/** Milliseconds since 1970 have 13 digits and stay readable; a longer number that passes Luhn does not. */
function maskNumber(value: number): number | string {
  const text = String(value);
  const masked = maskText(text);
  return masked === text ? value : masked;
}
