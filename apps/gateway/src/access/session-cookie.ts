/** Name of the cookie that holds a session's secret. */
const cookieName = 'kkm_session';

/** The session's secret in the header `Cookie`; null where there is none. */
export function sessionSecretOf(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string') return null;
  const [, secret] = /(?:^|;)\s*kkm_session=([\x21-\x3a\x3c-\x7e]{1,200})\s*(?:;|$)/.exec(header) ?? [];
  return secret ?? null;
}

/** The header `Set-Cookie` that hands a browser its session: no script reads it, no other site's request carries it. */
export function sessionCookie(secret: string, how: { readonly seconds: number; readonly secure: boolean }): string {
  return `${cookieName}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${how.seconds}${how.secure ? '; Secure' : ''}`;
}

/** The header `Set-Cookie` that takes it away. */
export function noSessionCookie(secure: boolean): string {
  return sessionCookie('', { seconds: 0, secure });
}
