import { Unavailable } from '@kkm/core';
import type { PaymentCommand } from '@kkm/core';
import type { Errand, ErrandTimes } from './errands';
import type { LedgerStore } from './ledger-store';

/** Sends to the queues of terminals. */
export interface ErrandPublisher {
  /** A command, as a door would send it: durable, and harmless when it comes twice. Throws `Unavailable` when the broker cannot be had or the terminal has no queue. */
  run(command: PaymentCommand): Promise<void>;
  /** A hint to the worker that holds the terminal: ask about this attempt. Gone when nobody took it within `expiresMs`, or when the broker cannot be had. */
  recover(command: PaymentCommand, expiresMs: number): void;
}

/** How many errands one look takes at most; the next look takes the rest. */
export const errandsMax = 100;

/** What came of one look: errands that were sent, and those for which broker or queue could not be had. */
export interface ErrandsSent {
  readonly sent: readonly Errand[];
  readonly failed: readonly Errand[];
}

/**
 * Sends for attempts that nobody works on: those in doubt or granted with a lapsed lease, so that a worker asks the terminal; and returns that the ledger
 * opened, whose command no caller sends. One hint is out at a time per attempt and expires before the next (design-money, clause 9). What a worker does
 * with it the permit decides: an attempt once granted is only ever asked about.
 */
export class SendErrands {
  constructor(
    private readonly store: LedgerStore,
    private readonly publisher: ErrandPublisher,
    private readonly around: { readonly nowMs: () => number; readonly errandTimes: ErrandTimes },
  ) {}

  /** One look. Throws `Unavailable` when the database cannot be had. An errand that could not be sent is due again after its pause. */
  async execute(): Promise<ErrandsSent> {
    const nowMs = this.around.nowMs();
    const due = await this.store.dueErrands(nowMs, { ...this.around.errandTimes, limit: errandsMax });
    const answers = await Promise.all(due.map(async (errand) => ({ errand, sent: await this.send(errand, nowMs) })));
    const those = (wanted: boolean) => answers.filter(({ sent }) => sent === wanted).map(({ errand }) => errand);
    return { sent: those(true), failed: those(false) };
  }

  private async send({ kind, command, nextMs }: Errand, nowMs: number): Promise<boolean> {
    try {
      if (kind === 'run') await this.publisher.run(command);
      else this.publisher.recover(command, Math.max(1, nextMs - nowMs));
      return true;
    } catch (error) {
      if (error instanceof Unavailable) return false;
      throw error;
    }
  }
}
