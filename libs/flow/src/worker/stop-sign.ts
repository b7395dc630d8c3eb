import type { Clock } from './ports';

/** Tells everything that waits in a worker that it is to end. Raised once, never lowered. */
export class StopSign {
  private readonly listeners = new Set<() => void>();
  private up = false;

  get raised(): boolean {
    return this.up;
  }

  raise(): void {
    this.up = true;
    for (const listener of [...this.listeners]) listener();
    this.listeners.clear();
  }

  /** Calls `listener` once when the sign is raised, at once if it is; the answer calls it off. */
  whenRaised(listener: () => void): () => void {
    if (this.up) listener();
    else this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Waits `ms`, or until the sign is raised, whichever is sooner. */
  async pause(clock: Clock, ms: number): Promise<void> {
    if (this.up) return;
    let wake = (): void => undefined;
    const raised = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.listeners.add(wake);
    await Promise.race([clock.sleep(ms), raised]);
    // A race leaves its loser behind: without this every pause of a worker's life would stay in memory.
    this.listeners.delete(wake);
  }
}

/** The pause before try number `tries` (1 is the first repetition): doubles from `firstMs` up to `maxMs`. */
export function backoff(tries: number, firstMs: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(tries - 1, 20));
}
