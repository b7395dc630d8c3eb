import type { Scope } from '@kkm/contracts';
import type { SiteScope } from '@kkm/core';

/** Who sent a request, as its API key says. */
export interface Caller {
  readonly keyId: string;
  /** What people call the key. */
  readonly keyName: string;
  /** The site of the key; null for an operator's key. */
  readonly siteId: string | null;
  readonly scopes: readonly Scope[];
}

/** The sites a caller may see. */
export function scopeOf(caller: Pick<Caller, 'siteId'>): SiteScope {
  return caller.siteId === null ? null : [caller.siteId];
}
