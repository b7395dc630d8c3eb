import addresses from 'ipaddr.js';

/** Public addresses behind which clouds keep what a machine must not tell: Azure's wire server. Those of other clouds are in special ranges. */
const metadata = new Set(['168.63.129.16']);

/** What the registries hand out to the public of IPv6 begins with the bits 001. */
const publicIpv6 = addresses.IPv6.parse('2000::');

/**
 * Whether an address is on the public internet: plain unicast, by IANA's registries of special addresses. IPv4 inside IPv6 is judged by what it maps; what would be
 * translated or tunnelled to who knows where (NAT64, 6to4, Teredo) is not public. What is no address is not public either.
 */
export function isPublicAddress(address: string): boolean {
  if (!addresses.isValid(address)) return false;
  const known = addresses.process(address);
  if (known instanceof addresses.IPv6 && !known.match(publicIpv6, 3)) return false;
  return known.range() === 'unicast' && !metadata.has(known.toString());
}
