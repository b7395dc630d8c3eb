import { Rejected } from '@kkm/core';

/** What of a request tells whether KKM's own page sent it. */
export interface PageRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly host: string;
}

/**
 * Refuses a request with a cookie that another site's page may have sent (ADR 0017). Browsers say so themselves by `Sec-Fetch-Site`, but only over https and to localhost;
 * without it the page's origin has to be the host that was asked.
 * @param publicOrigin origin under which browsers see the gateway, where a proxy hides the host.
 * @throws Rejected `auth.cross_site`.
 */
export function mustBeOwnPage({ headers, host }: PageRequest, publicOrigin: string | null): void {
  const site = headers['sec-fetch-site'];
  const own = site === undefined ? isOwnOrigin(headers['origin'], [host, hostOf(publicOrigin)]) : site === 'same-origin';
  if (!own) throw new Rejected('auth.cross_site');
}

function isOwnOrigin(origin: string | string[] | undefined, hosts: readonly (string | null)[]): boolean {
  const host = typeof origin === 'string' ? hostOf(origin) : null;
  return host !== null && hosts.includes(host);
}

function hostOf(origin: string | null): string | null {
  return origin !== null && URL.canParse(origin) ? new URL(origin).host : null;
}
