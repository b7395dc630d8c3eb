/** Repeats `assertion` every `everyMs` (default 20 ms) until it passes; rejects with its last failure after `withinMs` (default 5 s). */
export async function eventually<T>(assertion: () => T | Promise<T>, withinMs = 5_000, everyMs = 20): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await pause(everyMs);
    }
  }
}

/** Waits. Prefer {@link eventually}; this is for "nothing happens for a while". */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
