/** A broken promise inside KKM: a bug, not an answer. Whoever catches it parks the message and stops the process. */
export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/** Throws {@link BrokenInvariant} unless `condition` holds. Stays on in production. */
export function check(condition: unknown, what: string): asserts condition {
  if (!condition) throw new BrokenInvariant(what);
}

/** Closes an exhaustive `switch`: the compiler refuses a forgotten case, and a value that slipped in at run time throws. */
export function unreachable(value: never): never {
  throw new BrokenInvariant(`Unexpected value ${JSON.stringify(value)}.`);
}
