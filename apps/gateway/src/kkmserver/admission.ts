import { createHash, timingSafeEqual } from 'node:crypto';
import type { KkmCaller } from '@kkm/core';

/** An account of the door. `password` null: an empty one, which only the machine itself may use. */
export interface DoorAccount {
  readonly account: 'admin' | 'user';
  readonly login: string;
  readonly password: string | null;
}

/** Who is let in. */
export interface AdmissionRules {
  readonly accounts: readonly DoorAccount[];
  /** What programs on this machine may do without: nothing, a password, or login and password. */
  readonly loopback: 'password' | 'empty_password' | 'anyone';
  /** Origins whose pages are believed without a password. */
  readonly origins: readonly string[];
}

/** What is known of a request before its body is read. */
export interface Knock {
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** The header `Origin`: a browser sends it, a program does not. */
  readonly origin: string | undefined;
  /** Address of the TCP peer. */
  readonly peer: string;
  /** Whether a proxy says that it passes somebody else's request on: then the peer says nothing of who asks. */
  readonly forwarded: boolean;
}

/** What became of a knock. `as`: whose password was tried, which is what guessing is counted by; null when none was. */
export type Admission =
  | ({ readonly kind: 'admitted' } & Pick<KkmCaller, 'account' | 'mayGiveBack'>)
  | { readonly kind: 'refused'; readonly why: 'credentialsWanted' | 'credentialsWrong'; readonly as: string | null };

/**
 * Decides who comes in (design-money, clause 27). Without a password only programs of this machine do, where the settings let them, and pages of listed origins;
 * and only a password or a listed origin gives money back.
 */
export function admit(knock: Knock, rules: AdmissionRules): Admission {
  const listed = knock.origin !== undefined && rules.origins.includes(knock.origin);
  const near = isLoopback(knock.peer) && !knock.forwarded && (knock.origin === undefined || listed);
  const credentials = credentialsOf(knock.authorization);
  if (credentials === 'none') {
    if (near && rules.loopback === 'anyone') return { kind: 'admitted', account: 'none', mayGiveBack: listed };
    return { kind: 'refused', why: 'credentialsWanted', as: null };
  }
  if (credentials === 'unreadable') return { kind: 'refused', why: 'credentialsWrong', as: '' };
  const { login, password } = credentials;
  const account = rules.accounts.find((one) => one.login.toLowerCase() === login.toLowerCase());
  // An account that is not there takes as long as one that is.
  const matches = equal(password, account?.password ?? '');
  if (account && matches && account.password !== null) return { kind: 'admitted', account: account.account, mayGiveBack: true };
  if (account && matches && near && rules.loopback !== 'password') return { kind: 'admitted', account: account.account, mayGiveBack: listed };
  return { kind: 'refused', why: 'credentialsWrong', as: account?.account ?? '' };
}

/** Whose password a knock tries, for counting guesses before one is looked at. */
export function triedAccount(knock: Knock, rules: AdmissionRules): string {
  const credentials = credentialsOf(knock.authorization);
  if (typeof credentials === 'string') return '';
  return rules.accounts.find(({ login }) => login.toLowerCase() === credentials.login.toLowerCase())?.account ?? '';
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address);
}

/** Basic credentials (RFC 7617), in UTF-8. The API's own sample sends an empty header where no login is set. */
function credentialsOf(authorization: string | undefined): 'none' | 'unreadable' | { readonly login: string; readonly password: string } {
  if (authorization === undefined || authorization.trim() === '') return 'none';
  const [, encoded] = /^\s*Basic\s+([A-Za-z0-9+/_-]+={0,2})\s*$/i.exec(authorization) ?? [];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return 'unreadable';
  const login = text.slice(0, colon);
  const password = text.slice(colon + 1);
  return login === '' && password === '' ? 'none' : { login, password };
}

/** Takes the same time wherever two texts differ. */
function equal(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
