import type { Conversation, SbpWay, Timers, Transport } from '@kkm/core';

/** What every profile tells besides its protocol's own settings. */
export interface Profile {
  /** How long the terminal waits for a card before it gives up by itself, milliseconds (design-money, clause 5). */
  readonly cardWaitMs: number;
  /** Whether the terminal can be asked to stop (design-money, clause 13). */
  readonly abort: 'eot' | 'none';
  /** How SBP is paid at the terminal. Further members of a protocol's own may stand in it. */
  readonly sbp: SbpWay;
  /** How long one display of a QR lasts, seconds; it is repeated for as long as the QR can be paid. */
  readonly qrShowSeconds: number;
}

/** Takes a line of a conversation for the log. No card data, no secrets. `notable`: an operator should see it without asking for more. */
export type DriverLog = (line: { readonly message: string; readonly details?: Readonly<Record<string, unknown>>; readonly notable?: true }) => void;

/**
 * A terminal protocol. Its conversations ask `mayStillSend` at the last moment before each *financial* frame (sale, void, refund, reversal), also before a
 * repetition that the terminal demanded by NAK; tell `onSent` when it was handed over; and await `store` before they acknowledge a financial result or a
 * settlement. After an `unknown` answer a conversation closes itself: nothing may arrive late and be taken for another request's answer.
 */
export interface Driver {
  /** The name that `TerminalSettings.driver` carries. */
  readonly name: string;
  /** Checks and completes a profile; what it returns is itself a valid input. Throws `Rejected('request.invalid')` with every fault. */
  parseProfile(raw: unknown): Profile;
  /** The short form of an attempt id that this protocol carries. Applied to its own result it changes nothing. */
  reference(attemptId: string): string;
  /** Begins a conversation on a fresh connection. */
  converse(options: { readonly transport: Transport; readonly profile: Profile; readonly timers: Timers; readonly log: DriverLog }): Conversation;
}
