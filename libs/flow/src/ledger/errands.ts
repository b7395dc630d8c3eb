import type { PaymentCommand } from '@kkm/core';

/** When the ledger sends for an attempt that needs somebody. */
export interface ErrandTimes {
  /** From when an attempt is found in doubt until somebody is sent; its own delivery usually resolves it before. The pause after it is as long again, then doubles. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** Between two commands for a return that still waits: a command may be lost with its broker. */
  readonly returnMs: number;
}

/** In doubt for 5 s: somebody is sent; then again after 5 s, 10 s, 20 s, and every 20 s. */
export const errandTimes: ErrandTimes = { firstMs: 5_000, maxMs: 20_000, returnMs: 120_000 };

/** An attempt somebody is to be sent for. */
export interface Errand {
  readonly kind: 'run' | 'recover';
  readonly command: PaymentCommand;
  /** When the next is due; this one is of no use after that. */
  readonly nextMs: number;
}
