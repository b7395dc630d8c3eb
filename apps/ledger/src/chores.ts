import type { Payment } from '@kkm/core';
import type { SweepExpired } from '@kkm/flow/ledger';

/** What a chore tells. */
export interface ChoreWatch {
  ended(payment: Payment): void;
  background(what: string, error: unknown): void;
}

/** Expiry is looked for this often; a guest who waits sees the end within a second of it. */
const sweepMs = 500;

/** Workers that are gone are forgotten this often. */
const forgetMs = 600_000;

/** What the ledger does without being asked. Replicas may all do it: every payment ends once. */
export class Chores {
  private readonly timers: NodeJS.Timeout[] = [];
  private sweeping: Promise<void> | null = null;

  constructor(
    private readonly sweep: SweepExpired,
    private readonly forgetWorkers: () => Promise<void>,
    private readonly watch: ChoreWatch,
  ) {}

  /** Begins. */
  start(): void {
    this.timers.push(setInterval(() => this.sweepOnce(), sweepMs));
    this.timers.push(setInterval(() => void this.forgetWorkers().catch((error: unknown) => this.watch.background('forget workers', error)), forgetMs));
  }

  /** Ends; resolves when the sweep at work has ended. */
  async stop(): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await this.sweeping;
  }

  private sweepOnce(): void {
    this.sweeping ??= this.expire().finally(() => {
      this.sweeping = null;
    });
  }

  private async expire(): Promise<void> {
    try {
      for (const payment of await this.sweep.execute()) this.watch.ended(payment);
    } catch (error) {
      this.watch.background('expire payments', error);
    }
  }
}
