import type { Payment } from '@kkm/core';
import type { SweepExpired } from '@kkm/flow/ledger';

/** What a chore tells. */
export interface ChoreWatch {
  ended(payment: Payment): void;
  background(what: string, error: unknown): void;
}

/** Something that is done again and again and that nobody waits for. */
export interface Chore {
  readonly what: string;
  readonly everyMs: number;
  readonly work: () => Promise<unknown>;
}

/** Expiry is looked for this often; a guest who waits sees the end within a second of it. */
const sweepMs = 500;

/** What the ledger does without being asked. Replicas may all do it: every payment ends once. */
export class Chores {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly sweep: SweepExpired,
    private readonly others: readonly Chore[],
    private readonly watch: ChoreWatch,
  ) {}

  /** Begins. */
  start(): void {
    const expire: Chore = { what: 'expire payments', everyMs: sweepMs, work: () => this.expire() };
    for (const chore of [expire, ...this.others]) this.timers.push(setInterval(() => this.once(chore), chore.everyMs));
  }

  /** Ends; resolves when what is being done has ended. */
  async stop(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await Promise.all(this.running.values());
  }

  /** A chore that takes longer than its interval is not begun a second time meanwhile. */
  private once({ what, work }: Chore): void {
    if (this.running.has(what)) return;
    const run = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        this.watch.background(what, error);
      } finally {
        this.running.delete(what);
      }
    };
    this.running.set(what, run());
  }

  private async expire(): Promise<void> {
    for (const payment of await this.sweep.execute()) this.watch.ended(payment);
  }
}
