import { sha256 } from './signatures';

/**
 * Signs a request, or what a notification should be signed with: SHA-256 over the values of all plain members and the password, by name ascending.
 * Objects and lists are left out, and so is the token itself.
 */
export function tkassaToken(members: Readonly<Record<string, unknown>>, password: string): string {
  const plain = Object.entries({ ...members, Password: password }).filter(([name, value]) => name !== 'Token' && isPlain(value));
  plain.sort(([one], [other]) => (one < other ? -1 : 1));
  return sha256(plain.map(([, value]) => String(value)).join(''));
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
