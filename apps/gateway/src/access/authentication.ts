import { Rejected } from '@kkm/core';
import type { ApiKey } from '@kkm/contracts';
import type { Caller } from './caller';
import { hashOfSecret } from './secret';

/** How long a looked-up key is believed: the longest time a revocation on another replica takes to work here. */
const believeMs = 1_000;

/** Remembered answers; one beyond makes the cache start anew, so that a flood of wrong keys cannot fill the memory. */
const rememberedMax = 5_000;

interface Remembered {
  readonly caller: Caller | null;
  readonly untilMs: number;
}

/** Says who a request comes from. Looks a key up at most once a second, and once for any number of requests that arrive together. */
export class Authentication {
  private readonly remembered = new Map<string, Remembered>();
  private readonly asking = new Map<string, Promise<Caller | null>>();

  /**
   * @param find looks a key up by the hash of its secret.
   * @param nowMs a clock that never goes back.
   */
  constructor(
    private readonly find: (hash: Buffer) => Promise<ApiKey | null>,
    private readonly nowMs: () => number,
  ) {}

  /**
   * The caller that the header `Authorization` proves; at once when the key was looked up within the last second.
   * @throws Rejected `auth.missing`, `auth.invalid`.
   */
  identify(authorization: string | undefined): Caller | Promise<Caller> {
    const secret = secretOf(authorization);
    const hash = hashOfSecret(secret);
    const name = hash.toString('base64');
    const known = this.remembered.get(name);
    if (known && known.untilMs > this.nowMs()) return valid(known.caller);
    return this.lookUp(name, hash).then(valid);
  }

  /** Forgets everything, so that a revoked or rotated key stops working at once in this process. */
  forget(): void {
    this.remembered.clear();
    this.asking.clear();
  }

  private lookUp(name: string, hash: Buffer): Promise<Caller | null> {
    const running = this.asking.get(name);
    if (running) return running;
    const asked = this.find(hash).then((key) => {
      const caller = key && { kind: 'api_key' as const, id: key.id, name: key.name, siteId: key.siteId, scopes: key.scopes };
      // Forgotten meanwhile: the answer is from before a revocation and must not be remembered.
      if (this.asking.get(name) === asked) this.remember(name, caller);
      return caller;
    });
    this.asking.set(name, asked);
    const done = (): void => {
      if (this.asking.get(name) === asked) this.asking.delete(name);
    };
    asked.then(done, done);
    return asked;
  }

  private remember(name: string, caller: Caller | null): void {
    if (this.remembered.size >= rememberedMax) this.remembered.clear();
    this.remembered.set(name, { caller, untilMs: this.nowMs() + believeMs });
  }
}

function secretOf(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') throw new Rejected('auth.missing');
  const [, secret] = /^Bearer +([\x21-\x7e]{1,200}) *$/i.exec(authorization) ?? [];
  if (secret === undefined) throw new Rejected('auth.invalid', { detail: 'The header Authorization is not "Bearer <key>".' });
  return secret;
}

function valid(caller: Caller | null): Caller {
  if (!caller) throw new Rejected('auth.invalid');
  return caller;
}
