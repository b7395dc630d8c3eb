/**
 * Lets those share one look who ask while nobody has begun to look: a look that is under way may show what was before the question, so whoever asks
 * meanwhile waits for the next one.
 */
export function sharedLook<T>(look: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= running.then(() => {
      next = null;
      const begun = look();
      running = begun.catch(() => undefined);
      return begun;
    });
    return next;
  };
}
