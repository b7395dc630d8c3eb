import type { Method, SbpWay } from '@kkm/core';
import type { BankFault } from './sim-sbp-bank';

/** What a guest does with the code on the screen. */
export interface PlannedGuest {
  /** When the guest confirms in the bank's app: counted from when the code is first seen, or from the end of its window. Null: never. */
  readonly confirms: { readonly from: 'seen' | 'end'; readonly afterMs: number } | null;
  /** How long the money is under way. */
  readonly flightMs: number;
  /** The guest's bank refuses in the end. */
  readonly isRefused: boolean;
  /** When the guest presses the terminal's cancel key, from when the code is first seen. */
  readonly pressesAfterMs: number | null;
}

/** What SBP adds to a payment. */
export interface PlannedSbp {
  readonly method: Method;
  /** For the codes of its attempts, in turn. */
  readonly guests: readonly PlannedGuest[];
  /** When the guest presses the cancel key instead of showing a card: from when one is asked for, each time in turn. Null, or none: the guest pays. */
  readonly leavesCard: readonly (number | null)[];
  /** What its redos ask for, in turn. */
  readonly redos: readonly Method[];
  /** Changing over, from when the payment was asked for. */
  readonly switches: readonly { readonly afterMs: number; readonly to: 'card' | 'sbp_qr' }[];
  /** Refunds through the door, and how many ask at once. */
  readonly refunds: readonly { readonly afterMs: number; readonly share: number; readonly askers: number }[];
}

/** What goes wrong at the bank. `behaviour`: until then cancels are ignored, refunds declined or slow. */
export type PlannedBankFault =
  | { readonly kind: 'call'; readonly atMs: number; readonly forMs: number; readonly fault: Omit<BankFault, 'untilMs'> }
  | { readonly kind: 'behaviour'; readonly atMs: number; readonly forMs: number; readonly what: 'cancel-ignored' | 'refund-declined' | 'refund-slow' }
  /** Somebody who is not the bank says that every open code is paid. */
  | { readonly kind: 'forged'; readonly atMs: number };

/** The bank of the site, its guests and its troubles. */
export interface SbpPlan {
  /** How SBP is paid at each terminal. */
  readonly ways: readonly SbpWay[];
  readonly tellsUnderWay: boolean;
  readonly cancelsUnderWay: boolean;
  /** How the bank tells that a code is paid: so long after, and how often; null: never. */
  readonly tells: { readonly afterMs: number; readonly times: number } | null;
  readonly faults: readonly PlannedBankFault[];
  /** How long the ledger is left alone in the end, for money that comes late; 0: not at all. */
  readonly nightMs: number;
}
