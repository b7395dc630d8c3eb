import type { Clock } from '../surroundings';

/** One direction of a connection: what is sent arrives later, in order, or not at all once the pipe is cut. */
export class MemoryPipe {
  private readonly waiting: (() => void)[] = [];
  private lastMs = 0;
  private isCut = false;

  constructor(
    private readonly clock: Clock,
    /** Milliseconds a message is under way. */
    private readonly latencyMs: () => number,
  ) {}

  /** Sends: `arrive` runs at the other end. */
  send(arrive: () => void): void {
    if (this.isCut) return;
    const nowMs = this.clock.nowMs();
    this.lastMs = Math.max(this.lastMs, nowMs + this.latencyMs());
    this.waiting.push(arrive);
    // Whichever timer fires first takes the oldest, so that nothing is overtaken.
    this.clock.after(this.lastMs - nowMs, () => this.waiting.shift()?.());
  }

  /** Loses what is under way and everything sent from now on. */
  cut(): void {
    this.isCut = true;
    this.waiting.length = 0;
  }
}
