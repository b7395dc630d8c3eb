import type { Clock } from '../surroundings';

interface Timer {
  readonly dueMs: number;
  readonly then: () => void;
}

/** A clock that stands still until it is told to go on. Timers due at the same time fire in the order they were set. */
export class VirtualClock implements Clock {
  private timers: Timer[] = [];

  constructor(private currentMs = 1_700_000_000_000) {}

  /** See `Clock.nowMs`. */
  nowMs(): number {
    return this.currentMs;
  }

  /** See `Clock.after`. */
  after(ms: number, then: () => void): () => void {
    const timer = { dueMs: this.currentMs + Math.max(0, ms), then };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Goes on by `ms`, timer by timer; what promises do in between is done before the next timer fires. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.currentMs + ms;
    await settled();
    for (let next = this.next(untilMs); next; next = this.next(untilMs)) {
      const timer = next;
      this.timers = this.timers.filter((other) => other !== timer);
      this.currentMs = timer.dueMs;
      timer.then();
      await settled();
    }
    this.currentMs = untilMs;
  }

  private next(untilMs: number): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.timers) if (timer.dueMs <= untilMs && (!earliest || timer.dueMs < earliest.dueMs)) earliest = timer;
    return earliest;
  }
}

/** Lets all promises run that can. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
