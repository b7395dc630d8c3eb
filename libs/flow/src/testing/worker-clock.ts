import { check } from '@kkm/core';
import type { Clock } from '../worker/ports';

/** So many turns of the promise queue count as "everything that can go on without time has gone on". */
const turnsPerStep = 80;

/** A clock that moves only when told; whatever sleeps on it wakes in order. Both its hands can be moved apart. */
export class VirtualClock implements Clock {
  private monotonic = 1_000;
  private wallAhead = 1_795_444_000_000;
  private sequence = 0;
  private sleepers: { readonly at: number; readonly order: number; readonly wake: () => void }[] = [];

  wallMs(): number {
    return this.monotonic + this.wallAhead;
  }

  monotonicMs(): number {
    return this.monotonic;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.sequence += 1;
      this.sleepers.push({ at: this.monotonic + Math.max(0, ms), order: this.sequence, wake });
      this.sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
    });
  }

  /** Moves the time of day alone, as when the machine slept or somebody set its clock. */
  moveWall(ms: number): void {
    this.wallAhead += ms;
  }

  /** Moves the monotonic clock alone and wakes nobody, as when the process stood still. */
  freeze(ms: number): void {
    this.monotonic += ms;
    this.wallAhead -= ms;
  }

  /** Lets `ms` pass. */
  async advance(ms: number): Promise<void> {
    const until = this.monotonic + ms;
    await settle();
    for (let next = this.sleepers[0]; next && next.at <= until; next = this.sleepers[0]) await this.wakeFirst();
    this.monotonic = Math.max(this.monotonic, until);
    await settle();
  }

  /** Lets as much time pass as `work` needs, at most `withinMs`. */
  async until<A>(work: Promise<A>, withinMs = 3_600_000): Promise<A> {
    const deadline = this.monotonic + withinMs;
    let done = false;
    void work.then(
      () => (done = true),
      () => (done = true),
    );
    for (await settle(); !done; await settle()) {
      const next = this.sleepers[0];
      check(next && next.at <= deadline, 'the work waits for something that never comes');
      await this.wakeFirst();
    }
    return await work;
  }

  private async wakeFirst(): Promise<void> {
    const next = this.sleepers.shift();
    if (!next) return;
    this.monotonic = Math.max(this.monotonic, next.at);
    next.wake();
    await settle();
  }
}

/** Lets everything that waits for promises alone go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < turnsPerStep; turn += 1) await Promise.resolve();
}
