import type { TerminalAnswer, TerminalRequest } from '@kkm/core';

/** All that can happen to a dialogue with a terminal. */
export type SessionInput =
  | { readonly kind: 'request'; readonly request: TerminalRequest }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'timer'; readonly name: string }
  /** The guarded bytes of the last `send` were not written. */
  | { readonly kind: 'withheld' }
  /** The answer of the last `store` is durable. */
  | { readonly kind: 'stored' }
  | { readonly kind: 'store-failed' }
  | { readonly kind: 'abort' }
  | { readonly kind: 'closed' };

/** All that a dialogue may want done, in order. */
export type SessionEffect =
  /** `financial` bytes are written only while the permit allows it; otherwise the session is told `withheld`. */
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly financial: boolean }
  | { readonly kind: 'set-timer'; readonly name: string; readonly ms: number }
  | { readonly kind: 'clear-timer'; readonly name: string }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'store'; readonly answer: TerminalAnswer }
  | { readonly kind: 'answer'; readonly answer: TerminalAnswer }
  | { readonly kind: 'close' }
  | { readonly kind: 'log'; readonly message: string; readonly details: Readonly<Record<string, unknown>> };

/** A protocol's side of a dialogue: decides, and does nothing itself. No I/O, no clock. */
export interface Session {
  handle(input: SessionInput): readonly SessionEffect[];
}
