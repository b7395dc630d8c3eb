/**
 * Orders the workers for one terminal, its owner first. Every worker that knows the same members comes to the same order, and when one joins or leaves,
 * only the terminals it takes or held change hands (rendezvous hashing; design-money, clause 23).
 */
export function rankWorkers(terminalId: string, workerIds: readonly string[]): readonly string[] {
  const weighed = workerIds.map((workerId) => ({ workerId, weight: weigh(`${workerId}\n${terminalId}`) }));
  weighed.sort((a, b) => b.weight - a.weight || (a.workerId < b.workerId ? -1 : 1));
  return weighed.map(({ workerId }) => workerId);
}

/** FNV-1a over UTF-16 units with a final avalanche (MurmurHash3's), without which like names would weigh alike. 32 bits, unsigned. */
function weigh(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
