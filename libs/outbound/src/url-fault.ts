import { isPublicAddress } from './public-address';

/** Names that never leave a machine or a network: without a dot, or with an ending that nobody resolves in public. */
const privateName = /^[^.]+$|\.(?:localhost|local|internal|lan|home\.arpa)$/;

/** What a URL may have. */
export interface UrlRules {
  /** The operator's word that it may lead into the own network, unencrypted. */
  readonly privateAllowed: boolean;
  /** Whether a query is part of the address. */
  readonly queryAllowed: boolean;
}

/**
 * Why KKM is not to call this address that somebody set; null when it may. An address within the own network would let whoever sets it reach what is not his (server-side
 * request forgery), so it needs the operator's word; unencrypted, only such an address will do. A public name can still lead into the own network: see `outboundPosts`.
 */
export function urlFault(address: string, { privateAllowed, queryAllowed }: UrlRules): string | null {
  const { protocol, hostname, username, password, search, hash } = new URL(address);
  if (username !== '' || password !== '') return 'must not hold credentials';
  if (hash !== '' || (search !== '' && !queryAllowed)) return `must not have a ${queryAllowed ? 'fragment' : 'query or a fragment'}`;
  const own = isPrivateHost(hostname);
  if (own && !privateAllowed) return 'must be a public host';
  if (!own && protocol !== 'https:') return 'must be an https:// URL';
  return null;
}

/** A URL writes addresses in one way only: four decimal numbers, or groups of hexadecimal digits in brackets. */
function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return !isPublicAddress(host.slice(1, -1));
  return /^\d+(?:\.\d+){3}$/.test(host) ? !isPublicAddress(host) : privateName.test(host);
}
