import type { CompletionEvent, Payment, Progress } from '@kkm/core';

/** What a virtual terminal shows, as its control API tells it. */
export interface ShownScreen {
  readonly state: string;
  readonly lines: readonly string[];
  /** The text of the QR that is shown; null when none is. */
  readonly qr: string | null;
}

/** Something that was seen to happen, by one of the demo's three watchers. */
export type Fact =
  /** The live stream told a step of the terminal's work. */
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** The ledger told how a payment stands, by the live stream or because it was asked: it is recorded. */
  | { readonly kind: 'recorded'; readonly payment: Payment }
  /** A message came from `kkm.events`, as it comes to iCafeCloud. */
  | { readonly kind: 'published'; readonly event: CompletionEvent }
  /** The virtual terminal's screen changed. */
  | { readonly kind: 'screen'; readonly screen: ShownScreen };

/** A fact and when it was seen, on the monotonic clock in milliseconds. */
export interface SeenFact {
  readonly fact: Fact;
  readonly atMs: number;
}

/** Facts in the order they were seen, for somebody who waits for the next one of a kind. */
export class SeenFacts {
  private readonly seen: SeenFact[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(private readonly nowMs: () => number) {}

  /** How many were seen so far: a place to look from. */
  get count(): number {
    return this.seen.length;
  }

  /** Adds one. */
  add(fact: Fact): void {
    this.seen.push({ fact, atMs: this.nowMs() });
    for (const wake of [...this.waiting]) wake();
  }

  /** The first fact from `since` on that fits, waiting for it at most `withinMs`; throws with `what` in words when it does not come. */
  next(fits: (fact: Fact) => boolean, options: { readonly since: number; readonly withinMs: number; readonly what: string }): Promise<SeenFact> {
    return new Promise((resolve, reject) => {
      let looked = options.since;
      const look = (): void => {
        for (; looked < this.seen.length; looked += 1) {
          const seen = this.seen[looked];
          if (seen && fits(seen.fact)) return finish(() => resolve(seen));
        }
      };
      const timer = setTimeout(() => finish(() => reject(new Error(`${options.what} did not come within ${options.withinMs / 1000} s`))), options.withinMs);
      const finish = (end: () => void): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        end();
      };
      this.waiting.add(look);
      look();
    });
  }
}
