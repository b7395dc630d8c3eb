import type { SetFiscal } from '@kkm/contracts';
import { Rejected, Unavailable } from '@kkm/core';
import { openingKeys, sealSecret } from '@kkm/sealing';
import type { OpeningKeys, SealedForRegister } from '@kkm/sealing';

/** Passwords of fiscal registers at rest: sealed when they come in, opened in memory when they are used, and never written or shown otherwise. */
export interface FiscalPasswords {
  /** @throws Unavailable `settings.unavailable` when the gateway has no key. */
  seal(password: string, bound: SealedForRegister): Promise<string>;
  /** @throws Unavailable `settings.unavailable` when it was sealed to another key, or for something else. */
  open(sealed: string, bound: SealedForRegister): Promise<string>;
}

/** A fiscal side as {@link passwordOf} needs to know it. */
type StoredFiscal =
  { readonly mode: 'none' } | { readonly mode: 'forward'; readonly url: string; readonly login: string; readonly sealedPassword: string | null };

/** Passwords sealed to the gateway's own key, made from 32 bytes in base64url; null where it was given none. */
export function fiscalPasswords(sealingKey: string | null): FiscalPasswords {
  let keys: Promise<OpeningKeys> | null = null;
  const own = (): Promise<OpeningKeys> => {
    if (sealingKey === null)
      throw new Unavailable('settings.unavailable', { detail: 'The gateway has no KKM_SEALING_KEY, so it cannot keep the password of a register.' });
    return (keys ??= openingKeys(Buffer.from(sealingKey, 'base64url')));
  };
  return {
    seal: async (password, bound) => sealSecret(password, { ...bound, publicKey: (await own()).publicKey }),
    open: async (sealed, bound) => {
      const { open } = await own();
      try {
        return await open(sealed, bound);
      } catch (cause) {
        throw new Unavailable('settings.unavailable', {
          detail: 'The stored password of the register does not open with this gateway’s key; set it anew.',
          cause,
        });
      }
    },
  };
}

/**
 * The password to store: the new one sealed; none where it is empty; else the stored one, for the same address and login alone, or whoever may change an address could
 * have it sent to himself. @throws Rejected `request.invalid` when it has to be given again.
 */
export async function passwordOf(
  asked: Extract<SetFiscal, { readonly mode: 'forward' }>,
  before: StoredFiscal,
  seal: (password: string) => Promise<string>,
): Promise<string | null> {
  if (asked.password !== undefined) return asked.password === '' ? null : seal(asked.password);
  if (before.mode === 'none' || before.sealedPassword === null) return null;
  if (before.url === asked.url && before.login === asked.login) return before.sealedPassword;
  throw new Rejected('request.invalid', {
    members: { errors: [{ pointer: '#/password', detail: 'is needed again: the stored one is for another address or login' }] },
  });
}
