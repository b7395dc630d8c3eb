/**
 * What counts as one address of a peer: an IPv4 address, or the /64 of an IPv6 address, of which a single machine has all.
 * An IPv4 address in IPv6 dress is the IPv4 address.
 */
export function countedAddress(ip: string): string {
  const [, mapped] = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(ip) ?? [];
  if (mapped !== undefined) return mapped;
  if (!ip.includes(':')) return ip;
  const [bare = ''] = ip.split('%');
  const [head = '', tail] = bare.split('::');
  const before = groupsOf(head);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - groupsOf(tail).length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...groupsOf(tail ?? '')];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function groupsOf(part: string): readonly string[] {
  return part === '' ? [] : part.split(':').map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}
