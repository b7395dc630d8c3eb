import type { Decider } from './resolution';

/** Where a parked message stands. */
export const parkedStates = ['parked', 'replayed', 'dismissed'] as const;
/** One of {@link parkedStates}. */
export type ParkedState = (typeof parkedStates)[number];

/**
 * Why a parked message is not sent again.
 * - `not_json`, `too_large`: no handler can read it. `redacted`: a card number or a secret was taken out of it before it was kept.
 * - `no_origin`: it does not say where it came from, or what came there was a call that nobody waits for any more.
 * - `not_trusted`: whoever put it there may not send it to where it says it came from; the gateway must not lend its own rights.
 * - `expired`: it asks for a payment whose guest has left by now. Commands say so themselves: the ledger looks at their time.
 */
export const notReplayableReasons = ['not_json', 'too_large', 'redacted', 'no_origin', 'not_trusted', 'expired'] as const;
/** One of {@link notReplayableReasons}. */
export type NotReplayable = (typeof notReplayableReasons)[number];

/** How the body of a parked message is shown: as the JSON it is, as text that is no JSON, or as bytes in base 64. */
export const parkedBodyForms = ['json', 'text', 'base64'] as const;
/** One of {@link parkedBodyForms}. */
export type ParkedBodyForm = (typeof parkedBodyForms)[number];

/** A message that could not be handled, as it is listed. */
export interface ParkedSummary {
  readonly id: string;
  /** Null where it names no site, or is not believed. */
  readonly siteId: string | null;
  /** The payment that its body names; nothing is known of it but that. */
  readonly paymentId: string | null;
  readonly state: ParkedState;
  /** Why it was parked: a code, or the broker's reason. */
  readonly reason: string;
  readonly queue: string | null;
  readonly exchange: string | null;
  readonly routingKey: string | null;
  readonly messageId: string | null;
  readonly type: string | null;
  /** The broker user that sent it, as the broker, or the service of KKM that parked it, verified. Null: nobody verified it. */
  readonly sender: string | null;
  readonly parkedAt: string;
  /** Bytes of its body as it came. */
  readonly size: number;
  readonly notReplayable: NotReplayable | null;
  /** The parked message whose replay this is: it failed again. */
  readonly replayOf: string | null;
  /** The newest parked message that came of its replay. */
  readonly parkedAgainAs: string | null;
  readonly settledAt: string | null;
  /** Who replayed or dismissed it. */
  readonly settledBy: Decider | null;
  readonly dismissReason: string | null;
}

/** A parked message with all that is kept of it. */
export interface ParkedMessage extends ParkedSummary {
  readonly headers: Readonly<Record<string, unknown>>;
  /** Card numbers and secrets are taken out. */
  readonly body: string;
  readonly bodyForm: ParkedBodyForm;
  /** The body is longer than what is shown. */
  readonly isBodyCut: boolean;
}
