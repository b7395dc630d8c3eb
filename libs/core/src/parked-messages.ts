/** Where a parked message stands. */
export const parkedStates = ['parked', 'replayed', 'dismissed'] as const;
/** One of {@link parkedStates}. */
export type ParkedState = (typeof parkedStates)[number];

/**
 * Why a parked message is not sent again.
 * - `not_json`, `too_large`: no handler can read it. `redacted`: a card number or a secret was taken out of it before it was kept.
 * - `no_origin`: it does not say where it came from, or what came there was a call that nobody waits for any more.
 * - `not_trusted`: whoever sent it may not send it there; the gateway must not lend its own rights.
 */
export const notReplayableReasons = ['not_json', 'too_large', 'redacted', 'no_origin', 'not_trusted'] as const;
/** One of {@link notReplayableReasons}. */
export type NotReplayable = (typeof notReplayableReasons)[number];

/** A message that could not be handled, as it is listed. */
export interface ParkedSummary {
  readonly id: string;
  /** Null where neither the way it came nor its body names one. */
  readonly siteId: string | null;
  readonly state: ParkedState;
  /** Why it was parked: a code, or the broker's reason. */
  readonly reason: string;
  readonly queue: string | null;
  readonly exchange: string | null;
  readonly routingKey: string | null;
  readonly messageId: string | null;
  readonly type: string | null;
  /** The broker user that sent it, as the broker verified it. */
  readonly sender: string | null;
  /** W3C trace context of the handling that parked it. */
  readonly traceparent: string | null;
  readonly sentAt: string | null;
  readonly parkedAt: string;
  /** Bytes of its body as it came. */
  readonly size: number;
  readonly isReplayable: boolean;
  readonly notReplayable: NotReplayable | null;
  readonly settledAt: string | null;
  readonly settledBy: string | null;
  readonly dismissReason: string | null;
}

/** A parked message with all that is kept of it. */
export interface ParkedMessage extends ParkedSummary {
  readonly headers: Readonly<Record<string, unknown>>;
  /** Card numbers and secrets are taken out. Bytes that are no text are shown in base 64. */
  readonly body: string;
}
