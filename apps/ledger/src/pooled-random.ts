/** Bytes drawn from the system at a time. Each draw is a call into the kernel, which costs as much as building ten ids. */
const poolBytes = 4_096;

/** Hands out random bytes from a pool that `fill` refills; no byte is given twice. For ids and nonces; keys are drawn for themselves. */
export function pooledRandom(fill: (bytes: Uint8Array) => void): (count: number) => Uint8Array {
  let pool = new Uint8Array(0);
  let used = 0;
  return (count) => {
    if (used + count > pool.length) {
      pool = new Uint8Array(Math.max(poolBytes, count));
      fill(pool);
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  };
}
