import type { Character } from './characters';
import type { Fault } from './faults';

/** Cards a guest may hold; `unreadable` fails to be read. */
export const cardKinds = ['ok', 'insufficient_funds', 'expired', 'blocked', 'wrong_pin', 'do_not_honour', 'limit_exceeded', 'unreadable'] as const;
/** One of {@link cardKinds}. */
export type CardKind = (typeof cardKinds)[number];

/** What a guest may do. `scan` pays a shown QR; `cancel` is the terminal's red key; `walk_away` leaves: the terminal's wait runs out at once. */
export const customerActions = ['tap', 'insert', 'scan', 'cancel', 'walk_away'] as const;
/** One of {@link customerActions}. */
export type CustomerAction = (typeof customerActions)[number];

/** What the café's staff may do at the terminal itself, past the register: key in a payment by hand, or settle the day. */
export type AttendantAction = { readonly kind: 'sale'; readonly amountMinor: number } | { readonly kind: 'settle' };

/** How a virtual terminal behaves until told otherwise. */
export interface Behaviour {
  /** What the guest does by itself: taps a good card or scans; taps a card without money or cancels a QR; or nothing. */
  readonly auto: 'approve' | 'decline' | 'none';
  /** How long the automatic guest takes, milliseconds. */
  readonly delayMs: number;
  /** Fire together, once, on the next sale, void, refund, reversal or QR display (design-money, clause 29). */
  readonly faults: readonly Fault[];
  /** Faults stay after they fired. */
  readonly sticky: boolean;
  /** `plain`: last receipt and report are slip text. `fields`: they also name our reference and the result's fields (design-money, clause 28). */
  readonly personality: 'plain' | 'fields';
  /** Whether an auto-reversal is carried out, or answered with status 53 and host code ER3 and not carried out. */
  readonly reversal: 'works' | 'er3';
  /** Troubles that come by themselves, besides the faults; null: none. */
  readonly character: Character | null;
  /** What the character's troubles are drawn from; they begin anew with every change of the behaviour. */
  readonly seed: number;
}

/** A terminal that was just plugged in: the guest taps a good card after 300 ms. */
export const defaultBehaviour: Behaviour = {
  auto: 'approve',
  delayMs: 300,
  faults: [],
  sticky: false,
  personality: 'plain',
  reversal: 'works',
  character: null,
  seed: 1,
};

/** What a guest sees. */
export interface Screen {
  readonly state: 'idle' | 'card' | 'busy' | 'approved' | 'refused' | 'qr' | 'off';
  /** Lines in Russian, as a guest reads them. */
  readonly lines: readonly string[];
  /** Minor units, while an amount is shown. */
  readonly amountMinor: number | null;
  /** The text of the QR code, while one is shown. */
  readonly qr: string | null;
}

/** All that can happen to a virtual terminal. */
export type TerminalInput =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'timer'; readonly name: string }
  | { readonly kind: 'customer'; readonly action: CustomerAction; readonly card: CardKind }
  | { readonly kind: 'attendant'; readonly action: AttendantAction }
  /** Somebody pulls the cable of data, or puts it in again; power stays. */
  | { readonly kind: 'cable'; readonly plugged: boolean }
  /** Somebody switches the terminal off and on. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'behaviour'; readonly behaviour: Behaviour };

/** All that a virtual terminal may want done, in order. */
export type TerminalEffect =
  /** `everyMs`: byte by byte, so far apart; null: at once. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly everyMs: number | null }
  /** Ends the connection after what was sent. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'set-timer'; readonly name: string; readonly ms: number }
  | { readonly kind: 'clear-timer'; readonly name: string };

/** The far end of a driver: a terminal as a state machine, with a guest before it and a bank behind it. No I/O, no clock of its own. */
export interface VirtualTerminal {
  readonly screen: Screen;
  readonly behaviour: Behaviour;
  /** Whether a connection would be taken: it is on, plugged in, and nobody else is connected. */
  readonly acceptsConnection: boolean;
  /** Whether the cable is in, as far as somebody pulls and plugs it by hand. */
  readonly plugged: boolean;
  /** A result was sent and is not acknowledged yet: as far as the terminal knows, the register has not got it. */
  readonly awaitsAcknowledgement: boolean;
  /** The same, of an operation that moves money. */
  readonly awaitsResultAcknowledgement: boolean;
  /** Why the guest cannot do this now, in a sentence; null when it can. */
  refusalOf(action: CustomerAction): string | null;
  /** Whether staff can use the terminal: it is on and does nothing else. */
  readonly isFree: boolean;
  handle(input: TerminalInput): readonly TerminalEffect[];
}
