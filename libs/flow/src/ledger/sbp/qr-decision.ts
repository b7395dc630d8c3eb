import { isFinalAttempt, unreachable } from '@kkm/core';
import type { AttemptStatus, OutcomeReason } from '@kkm/core';
import type { QrRecord } from '../records';
import { sbpTimes } from './sbp-bank';
import type { QrAtBank } from './sbp-bank';

/** What the next move about a QR depends on. */
export interface QrFacts {
  readonly qr: QrRecord;
  /** Where its attempt stands. */
  readonly status: AttemptStatus;
  /** Somebody asked to stop the payment. */
  readonly cancelPending: boolean;
  /** Until when the worker that shows it holds the permit; null before the grant. */
  readonly leaseUntilMs: number | null;
  readonly nowMs: number;
}

/**
 * What is to be done about a QR before its bank is asked.
 * `rest`: nothing more, ever. `wait`: look again then. `give-up`: no payload was ever shown, so the attempt ends. `end`: nobody is to pay it any more.
 * `ask`: ask its bank how it stands, after asking to cancel it where `cancelFirst`.
 */
export type QrMove =
  | { readonly kind: 'rest' }
  | { readonly kind: 'wait'; readonly atMs: number }
  | { readonly kind: 'give-up'; readonly stage: 'planned' | 'lost'; readonly reason: OutcomeReason }
  | { readonly kind: 'end'; readonly reason: OutcomeReason }
  | { readonly kind: 'ask'; readonly cancelFirst: boolean };

/** The next move, by stage. The only place that decides when a bank is asked. */
export function qrMove({ qr, status, cancelPending, leaseUntilMs, nowMs }: QrFacts): QrMove {
  switch (qr.stage) {
    case 'planned':
      if (status !== 'granted') return { kind: 'rest' };
      if (cancelPending) return { kind: 'give-up', stage: 'planned', reason: 'cashier_cancelled' };
      // Whoever had the permit never came to ask for the payload, and nobody else may.
      return leaseUntilMs === null || leaseUntilMs + sbpTimes.askedMs <= nowMs
        ? { kind: 'give-up', stage: 'planned', reason: 'terminal_fault' }
        : { kind: 'wait', atMs: leaseUntilMs + sbpTimes.askedMs };
    case 'asked': {
      const lostAtMs = (qr.askedAtMs ?? nowMs) + sbpTimes.askedMs;
      return lostAtMs <= nowMs ? { kind: 'give-up', stage: 'lost', reason: 'host_unreachable' } : { kind: 'wait', atMs: lostAtMs };
    }
    case 'open':
      if (cancelPending) return { kind: 'end', reason: 'cashier_cancelled' };
      return qr.showUntilMs !== null && qr.showUntilMs <= nowMs ? { kind: 'end', reason: 'qr_expired' } : { kind: 'ask', cancelFirst: false };
    case 'ending':
      return { kind: 'ask', cancelFirst: true };
    case 'dead':
      return qr.watchUntilMs !== null && qr.watchUntilMs <= nowMs ? { kind: 'rest' } : { kind: 'ask', cancelFirst: false };
    case 'paid':
    case 'lost':
      return { kind: 'rest' };
    default:
      return unreachable(qr.stage);
  }
}

/** What a bank's word, or its silence, means. `die`: the bank confirms that nobody can pay it. `doubt`: it has not confirmed that for too long. */
export type QrVerdict =
  | { readonly kind: 'paid'; readonly at: Extract<QrAtBank, { kind: 'paid' }> }
  | { readonly kind: 'end' | 'die'; readonly reason: OutcomeReason }
  | { readonly kind: 'doubt' | 'again'; readonly nextAskAtMs: number; readonly asks: number };

/** Judges what the bank said; null: it said nothing. Only a bank that says cancelled, expired or declined ends anything, and only after it was asked to cancel. */
export function qrVerdict({ qr, status, nowMs }: Pick<QrFacts, 'qr' | 'status' | 'nowMs'>, at: QrAtBank | null): QrVerdict {
  if (at?.kind === 'paid') return { kind: 'paid', at };
  const isOver = at !== null && (at.kind === 'cancelled' || at.kind === 'expired' || at.kind === 'declined');
  const reason = at?.kind === 'declined' ? 'qr_declined' : (qr.endReason ?? 'qr_expired');
  if (qr.stage === 'open' && isOver) return { kind: 'end', reason };
  if (qr.stage === 'ending' && isOver) return { kind: 'die', reason };
  const next = { nextAskAtMs: nowMs + pauseAfter(qr, at, nowMs), asks: qr.stage === 'open' && at !== null ? 0 : qr.asks + 1 };
  const isUnconfirmed = qr.stage === 'ending' && doubtAtMs(qr) <= nowMs;
  return isUnconfirmed && status !== 'unknown' && !isFinalAttempt(status) ? { kind: 'doubt', ...next } : { kind: 'again', ...next };
}

/** When an unconfirmed end becomes a doubt. */
function doubtAtMs({ endingSinceMs }: QrRecord): number {
  return (endingSinceMs ?? 0) + sbpTimes.doubtMs;
}

/** An open QR is asked about steadily while its bank answers; all else with growing pauses. */
function pauseAfter(qr: QrRecord, at: QrAtBank | null, nowMs: number): number {
  const { stage, asks } = qr;
  if (stage === 'dead') return Math.min(sbpTimes.watchMaxMs, sbpTimes.watchFirstMs * 2 ** Math.min(asks, 20));
  if (stage === 'open' && at !== null) return sbpTimes.pollMs;
  const pauseMs = Math.min(sbpTimes.pollMaxMs, sbpTimes.pollMs * 2 ** Math.min(asks, 10));
  // A doubt is told when it begins, not at the end of a pause.
  const untilDoubtMs = stage === 'ending' ? doubtAtMs(qr) - nowMs : 0;
  return untilDoubtMs > 0 ? Math.min(pauseMs, untilDoubtMs) : pauseMs;
}

/** How an attempt ends whose QR ended for this reason. */
export function endKind(reason: OutcomeReason): 'cancelled' | 'declined' | 'failed' {
  switch (reason) {
    case 'qr_expired':
    case 'cashier_cancelled':
    case 'customer_cancelled':
      return 'cancelled';
    case 'qr_declined':
      return 'declined';
    default:
      return 'failed';
  }
}
