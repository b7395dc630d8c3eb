import type { Currency } from './money';
import type { BankFacts, Outcome } from './outcomes';
import type { Operation } from './payment';

/** What a terminal can be asked. Amounts are minor units; `reference` is the attempt's id and reaches the terminal where its protocol has a place for it. */
export type TerminalRequest =
  | {
      readonly kind: 'sale';
      readonly reference: string;
      readonly amountMinor: number;
      readonly currency: Currency;
      /** The guest pays by SBP, which the terminal runs itself; only where its profile says that it can. */
      readonly sbp?: boolean;
    }
  | {
      readonly kind: 'void' | 'refund';
      readonly reference: string;
      readonly amountMinor: number;
      readonly currency: Currency;
      readonly original: { readonly rrn: string; readonly authorisationCode: string | null };
    }
  | { readonly kind: 'reversal'; readonly reference: string; readonly amountMinor: number; readonly currency: Currency }
  | { readonly kind: 'link-test' }
  | { readonly kind: 'last-result' }
  | {
      readonly kind: 'report';
      /** Sums only, for people: proves nothing. */
      readonly short?: boolean;
    }
  | { readonly kind: 'settle' }
  | { readonly kind: 'show-qr'; readonly payload: string; readonly header: string; readonly footer: string; readonly seconds: number };

/** One operation as the terminal remembers it. What could not be read for certain is null. */
export interface TerminalRecord {
  /** What was done. A void's slip is no proof of a sale. */
  readonly operation: Operation | null;
  readonly amountMinor: number | null;
  readonly rrn: string | null;
  readonly authorisationCode: string | null;
  readonly bankTerminalId: string | null;
  /** The driver's short form of our attempt id, where the terminal keeps it. Not unique among old records: compare amount and terminal too. */
  readonly reference: string | null;
  /** `YYYYMMDDhhmmss` of the terminal's own clock. */
  readonly terminalTime: string | null;
  /** True only when the record says so; false proves nothing. */
  readonly approved: boolean;
  readonly facts: BankFacts;
}

/**
 * How a terminal's dialogue ended.
 * - `outcome`: the terminal's own answer; `readFailure` is proved to have happened before authorisation, so the card may be asked for again.
 * - `not-sent`: the hooks forbade sending, or the connection was closed before the first byte. Nothing reached the terminal.
 * - `unknown`: silence, a cut link, an unlisted status. Never a decline.
 */
export type TerminalAnswer =
  | { readonly kind: 'outcome'; readonly outcome: Outcome; readonly readFailure: boolean }
  | {
      readonly kind: 'link';
      readonly ok: boolean;
      readonly bankTerminalId: string | null;
      readonly message: string | null;
      /** The terminal's clock at the test, `YYYYMMDDhhmmss`; lets recovery measure a record's age without knowing the time zone. */
      readonly terminalTime?: string | null;
      /** Whether the terminal reached its bank, where the protocol tells. */
      readonly host?: 'reached' | 'unreachable';
    }
  | { readonly kind: 'last-result'; readonly found: TerminalRecord | null; readonly raw: string | null }
  | {
      readonly kind: 'report';
      readonly text: string;
      /** Every operation since {@link since}, oldest first; null when the text could not be read to its last line: then it proves nothing. */
      readonly operations: readonly TerminalRecord[] | null;
      /** When the reported period began, `YYYYMMDDhhmmss` of the terminal's clock. */
      readonly since: string | null;
      readonly bankTerminalId: string | null;
      readonly serialNumber: string | null;
    }
  | { readonly kind: 'settled'; readonly ok: boolean; readonly text: string | null }
  | {
      readonly kind: 'qr-shown';
      readonly ok: boolean;
      /** `ended`: the time of the display was over, or the register took it off. `cancelled`: by the guest's key. `refused`: the terminal does not show it. Absent: as `ok` says. */
      readonly how?: 'ended' | 'cancelled' | 'refused';
    }
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'unknown'; readonly why: string };

/** What the caller of a conversation decides and hears while a request runs. */
export interface ConversationHooks {
  /** Asked directly before the first byte; `false` ends the request as `not-sent`. */
  mayStillSend(): boolean;
  /** The request's bytes were handed to the transport. */
  onSent(): void;
  /** The terminal says that it is still working. */
  onHeartbeat(): void;
  /** Resolves when the answer is durable; only then the terminal's last frame is acknowledged. */
  store(answer: TerminalAnswer): Promise<void>;
}

/** One connection to one terminal; one request at a time. */
export interface Conversation {
  run(request: TerminalRequest, hooks: ConversationHooks): Promise<TerminalAnswer>;
  /** Asks a running operation to stop where the profile allows it; the terminal's answer decides. */
  abort(): void;
  close(): void;
  readonly closed: Promise<void>;
}
