import type { PaymentCommand } from '@kkm/core';

/** When the ledger sends for an attempt that needs somebody. */
export interface ErrandTimes {
  /** From when an attempt is found in doubt until somebody is sent; its own delivery usually resolves it before. The pause after it is as long again, then doubles. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** The longest pause between two commands for an attempt of the ledger's own that still waits: one may be lost with its broker, or with the ledger that was to send it. */
  readonly waitingMaxMs: number;
}

/** In doubt for 5 s: somebody is sent; then again after 5 s, 10 s, 20 s, and every 20 s. What waits is sent at once; then again after 5 s, 10 s, 20 s and so on up to two minutes. */
export const errandTimes: ErrandTimes = { firstMs: 5_000, maxMs: 20_000, waitingMaxMs: 120_000 };

/** An attempt somebody is to be sent for. */
export interface Errand {
  readonly kind: 'run' | 'recover';
  readonly command: PaymentCommand;
  /** When the next is due; this one is of no use after that. */
  readonly nextMs: number;
}
