import { BlockList, isIP } from 'node:net';

/** Networks that are not the public internet (IANA special-purpose registries). An address of the older kind written as one of the newer is looked up as what it is. */
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  privateNetworks.addSubnet(network, prefix);
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  privateNetworks.addSubnet(network, prefix, 'ipv6');

/** Names that never leave a machine or a network: without a dot, or with an ending that nobody resolves in public. */
const privateName = /^[^.]+$|\.(?:localhost|local|internal|lan|home\.arpa)$/;

/**
 * Why the ledger is not to call a bank at this address; null when it may. An address within the own network would let whoever sets it reach what is not his (server-side
 * request forgery), so it needs the operator's word; unencrypted, only such an address will do.
 */
export function bankUrlFault(baseUrl: string, privateAllowed: boolean): string | null {
  const { protocol, hostname, username, password, search, hash } = new URL(baseUrl);
  if (username !== '' || password !== '') return 'must not hold credentials';
  if (search !== '' || hash !== '') return 'must not have a query or a fragment';
  const own = isPrivate(hostname);
  if (own && !privateAllowed) return 'must be a public host';
  if (!own && protocol !== 'https:') return 'must be an https:// URL';
  return null;
}

function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const family = isIP(host);
  return family === 0 ? privateName.test(host) : privateNetworks.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
