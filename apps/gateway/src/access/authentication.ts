import { Rejected } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';
import type { Caller } from './caller';
import { hashOfSecret } from './secret';

/** How long a looked-up key or session is believed: the longest time its end on another replica takes to work here. */
const believeMs = 1_000;

/** Remembered answers; one beyond makes the cache start anew, so that a flood of wrong keys cannot fill the memory. */
const rememberedMax = 5_000;

interface Remembered {
  readonly caller: Caller | null;
  readonly untilMs: number;
}

/** Where secrets are looked up by their hashes; null for one that opens nothing. */
export interface Books {
  key(hash: Buffer): Promise<Caller | null>;
  session(hash: Buffer): Promise<Caller | null>;
}

/** Says who a request comes from. Looks a key or session up at most once a second, and once for any number of requests that arrive together. */
export class Authentication {
  private readonly remembered = new Map<string, Remembered>();
  private readonly asking = new Map<string, Promise<Caller | null>>();

  /** @param nowMs a clock that never goes back. */
  constructor(
    private readonly books: Books,
    private readonly nowMs: () => number,
  ) {}

  /**
   * The caller that the header `Authorization` proves; at once when the key was looked up within the last second.
   * @throws Rejected `auth.missing`, `auth.invalid`.
   */
  identify(authorization: string | undefined): Caller | Promise<Caller> {
    return this.callerOf('key', secretOf(authorization), 'auth.invalid');
  }

  /**
   * The caller that a session's secret proves; at once when the session was looked up within the last second.
   * @throws Rejected `auth.session_ended`.
   */
  identifySession(secret: string): Caller | Promise<Caller> {
    return this.callerOf('session', secret, 'auth.session_ended');
  }

  /** Forgets everything, so that a revoked key and an ended session stop working at once in this process. */
  forget(): void {
    this.remembered.clear();
    this.asking.clear();
  }

  private callerOf(book: keyof Books, secret: string, otherwise: ErrorCode): Caller | Promise<Caller> {
    const hash = hashOfSecret(secret);
    const name = `${book} ${hash.toString('base64')}`;
    const valid = (caller: Caller | null): Caller => {
      if (!caller) throw new Rejected(otherwise);
      return caller;
    };
    const known = this.remembered.get(name);
    if (known && known.untilMs > this.nowMs()) return valid(known.caller);
    return this.lookUp(name, () => this.books[book](hash)).then(valid);
  }

  private lookUp(name: string, find: () => Promise<Caller | null>): Promise<Caller | null> {
    const running = this.asking.get(name);
    if (running) return running;
    const asked = find().then((caller) => {
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
