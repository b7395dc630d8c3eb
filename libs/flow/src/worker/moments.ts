import type { Clock } from './ports';

/** One moment on both clocks. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** Reads both clocks. */
export function now(clock: Clock): Moment {
  return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
}

/**
 * Milliseconds since `since` by whichever clock says more: a machine that slept stops its monotonic clock, a wall clock may be set back.
 * A permit is past its time when either clock says so (design-money, clause 3).
 */
export function elapsedMs(clock: Clock, since: Moment): number {
  return Math.max(clock.wallMs() - since.wallMs, clock.monotonicMs() - since.monotonicMs);
}
