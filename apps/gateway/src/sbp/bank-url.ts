/** Networks that are not the public internet (IANA special-purpose registry), as address and length of prefix. */
const privateNetworks: readonly (readonly [string, number])[] = [
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
];

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

/** A URL writes addresses in one way only: four decimal numbers, or groups of hexadecimal digits in brackets. */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return isPrivateIpv6(groupsOf(host.slice(1, -1)));
  return /^\d+(?:\.\d+){3}$/.test(host) ? isPrivateIpv4(numberOf(host)) : privateName.test(host);
}

function isPrivateIpv4(address: number): boolean {
  return privateNetworks.some(([network, prefix]) => {
    const size = 2 ** (32 - prefix);
    return Math.floor(address / size) === Math.floor(numberOf(network) / size);
  });
}

/** Loopback, unset and compatible addresses, mapped ones by what they map, translated, unique local, link-local, multicast. */
function isPrivateIpv6(groups: readonly number[]): boolean {
  const [first = 0, second = 0] = groups;
  const [high = 0, low = 0] = groups.slice(6);
  const leading = groups.slice(0, 5).every((group) => group === 0);
  if (leading && groups[5] === 0xffff) return isPrivateIpv4(high * 65_536 + low);
  if (leading && groups[5] === 0) return true;
  return (first === 0x64 && second === 0xff9b) || (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || first >= 0xff00;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function groupsOf(address: string): readonly number[] {
  const [before = [], after = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}
