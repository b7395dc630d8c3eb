import type { ApiKey, Scope, ShownSession } from '@kkm/contracts';
import type { Decider, SiteScope } from '@kkm/core';

/** Who sent a request: an API key, or a user who is signed in. The same to everything behind the door (ADR 0017). */
export interface Caller {
  readonly kind: Decider['kind'];
  readonly id: string;
  /** What people call the key or the user; for the books. */
  readonly name: string;
  /** The only site of the caller; null for all sites. */
  readonly siteId: string | null;
  readonly scopes: readonly Scope[];
}

/** The caller of a key. */
export function keyCaller({ id, name, siteId, scopes }: ApiKey): Caller {
  return { kind: 'api_key', id, name, siteId, scopes };
}

/** The caller of a session. */
export function userCaller({ userId, name, siteId, scopes }: ShownSession): Caller {
  return { kind: 'user', id: userId, name, siteId, scopes };
}

/** A caller as the books name one. */
export function deciderOf({ kind, id, name }: Caller): Decider {
  return { kind, id, name };
}

/** The sites a caller may see. */
export function scopeOf(caller: Pick<Caller, 'siteId'>): SiteScope {
  return caller.siteId === null ? null : [caller.siteId];
}
