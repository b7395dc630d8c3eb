import { hash, verify } from '@node-rs/argon2';
import { Rejected } from '@kkm/core';

/** What OWASP asks of argon2id, the package's own default kind: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a password that nobody has, at that cost: what is verified where a name does not exist, so that the answer takes as long. */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$QXpVJrCXtupHlIQ7B1YBIA$IQL1pKF8ouOI9cGqIe5E3ewl5Iu+5xmg1GCoww2tGok';

/** What is stored of a password. @throws Rejected `request.invalid` when it is the name. */
export function hashOfPassword(password: string, name: string): Promise<string> {
  const fault = { pointer: '#/password', detail: 'must not be the name' };
  if (nameKeyOf(password) === nameKeyOf(name)) throw new Rejected('request.invalid', { members: { errors: [fault] } });
  return hash(asTyped(password), cost);
}

/** Whether the password is the one behind the hash. Takes as long without a hash, and says no. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const right = await verify(stored ?? nobodysHash, asTyped(password));
  return right && stored !== null;
}

/** What makes two names the same: keyboards write one letter in several ways, and case does not count. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** The same password from any keyboard. */
function asTyped(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'));
}
