import { Rejected } from '@kkm/core';

/** How much work is done at a time, and how much may wait for it. */
export interface TurnLimits {
  readonly atOnce: number;
  readonly waiting: number;
}

/** Lets only so much of a heavy work be done at a time in this process, and only so much wait; what is beyond is refused and has done nothing. */
export class Turns {
  private busy = 0;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly limits: TurnLimits) {}

  /** Does the work when its turn comes. @throws Rejected `auth.busy` when too much waits. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= this.limits.atOnce) await this.wait();
    else this.busy += 1;
    try {
      return await work();
    } finally {
      this.pass();
    }
  }

  private wait(): Promise<void> {
    if (this.queue.length >= this.limits.waiting) throw new Rejected('auth.busy', { members: { retryAfterSeconds: 2 } });
    return new Promise((resolve) => this.queue.push(resolve));
  }

  /** The place goes to who waits longest, or is free. */
  private pass(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.busy -= 1;
  }
}
