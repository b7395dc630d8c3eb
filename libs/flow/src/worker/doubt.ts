import type { PaymentCommand } from '@kkm/core';
import type { JournalEntry } from './ports';

/** An attempt whose bytes may have gone out and whose outcome nobody knows. */
export interface Doubt {
  readonly command: PaymentCommand;
  readonly nonce: string;
  /** Null until the ledger has told. */
  readonly begin: Begin | null;
  readonly readFailures: number;
  /** Whether the broker confirmed an `unknown` for it. */
  readonly confirmed: boolean;
}

/** When an attempt may have been sent. */
export interface Begin {
  /** Wall clock of this worker, milliseconds: when the permit was asked for, or granted. */
  readonly askedAtMs: number;
  /** For so long since then somebody else may have sent the attempt's bytes; 0: it was this worker, or one whose journal it has opened, and no more can come. */
  readonly mayArriveForMs: number;
}

/** A doubt whose begin is known. */
export type BegunDoubt = Doubt & { readonly begin: Begin };

/** The doubt a journal entry leaves behind. */
export function doubtOf(entry: Exclude<JournalEntry, { state: 'answered' }>, nonce: string): Doubt {
  const { command, askedAtMs, readFailures, mayArriveForMs = 0 } = entry;
  return { command, nonce, begin: { askedAtMs, mayArriveForMs }, readFailures, confirmed: entry.state === 'in-doubt' };
}
