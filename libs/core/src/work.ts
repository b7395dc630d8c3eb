import type { Evidence } from './evidence';
import type { Currency } from './money';
import type { Outcome } from './outcomes';
import type { CancelRequested, Method, Operation } from './payment';
import type { MoneyPath, ShownQr } from './sbp';
import type { TerminalTransport } from './terminal-transport';

/** What travels on `terminal.<siteId>.<terminalId>`: do this attempt. It carries no permission; the permit does. */
export interface PaymentCommand {
  readonly attemptId: string;
  readonly paymentId: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly operation: Operation;
  readonly method: Method;
  /** Absent: `terminal`. */
  readonly moneyPath?: MoneyPath | undefined;
  readonly amount: number;
  readonly currency: Currency;
  /** RFC 3339; after it the ledger grants no permit. The ledger's clock decides. */
  readonly expiresAt: string;
  /** For all but a `sale`: the charge to give back, and the sale attempt it was made in. */
  readonly original: OriginalCharge | null;
}

/** By what a bank knows the charge that a return gives back. */
export interface OriginalCharge {
  readonly attemptId: string;
  readonly rrn: string;
  readonly authorisationCode: string | null;
}

/** All a worker needs to drive one terminal. Reaches running workers without a restart; `revision` grows with every change. */
export interface TerminalSettings {
  readonly terminalId: string;
  readonly siteId: string;
  readonly name: string;
  /** A name of the driver registry, for example `inpas-sa`. */
  readonly driver: string;
  readonly transport: TerminalTransport;
  /** Bank-specific codes, fields and timeouts; the driver's profile schema checks and completes it. */
  readonly profile: Readonly<Record<string, unknown>>;
  /** How often a card may be presented within one attempt, 1 to 10. */
  readonly readAttemptsMax: number;
  readonly enabled: boolean;
  readonly revision: number;
}

/** The worker asks for the right to connect to a terminal. Another worker's idle lease is taken over; one that drives is not. */
export interface LeaseRequest {
  readonly workerId: string;
  readonly siteId: string;
  readonly terminalId: string;
  /** Ids of workers that are dead: this one has opened their journal. Their leases are its own by inheritance. */
  readonly predecessors?: readonly string[] | undefined;
  /** Nobody waits: the worker only wants to be connected ahead of a payment. */
  readonly upkeep?: boolean | undefined;
}

/** `busy`: another worker drives an attempt there, or is about to (`attemptId` null); ask again after `retryAfterMs`. */
export type LeaseAnswer =
  | {
      readonly kind: 'leased';
      readonly leaseMs: number;
      /** Whether a baseline report of this terminal is recorded (design-money, clause 6). */
      readonly baselined?: boolean;
      /** Until another worker has left that may not have heard yet that it lost the terminal, milliseconds, at most. Absent or 0: nobody else is connected. */
      readonly othersLeaveWithinMs?: number;
    }
  | { readonly kind: 'busy'; readonly attemptId: string | null; readonly retryAfterMs: number };

/** The worker, connected and linked, asks to send an attempt's financial bytes. `nonce` is drawn anew for each delivery handled (design-money, clause 1). */
export interface PermitRequest {
  readonly workerId: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly attemptId: string;
  readonly nonce: string;
  /**
   * Ids of workers that are dead: this one has opened their journal, which two processes never do at a time. Their lease need not be waited for.
   * That leads to recovery only, never to a grant.
   */
  readonly predecessors?: readonly string[] | undefined;
  /** The worker was sent to ask the terminal about the attempt. Never answered by a grant. */
  readonly recoverOnly?: boolean | undefined;
}

/**
 * The ledger's answer to a permit request.
 * - `granted`: the only way to a financial byte.
 * - `being-driven`, `terminal-busy`: somebody's lease lives; hold the delivery, ask again, connect to nothing.
 * - `not-leased`: another worker may connect to this terminal now; ask for the lease first.
 * - `already-granted`: begun earlier and its lease lapsed; the answer is a recovery lease under the request's nonce. Never resend.
 * - `terminal-in-doubt`: recover `attemptId` first.
 * - `verify`: a person decided the attempt and the terminal has not answered for it yet: ask the terminal, nothing else (design-money, clause 9).
 * - `expired`, `withdrawn`, `already-final`: acknowledge and forget. `unknown-attempt`: park.
 */
export type PermitAnswer =
  | {
      readonly kind: 'granted';
      /** The grant lets bytes be sent only this long after the request was sent. */
      readonly sendWithinMs: number;
      /** Re-asks for an unread card end this long after the request was sent. */
      readonly driveWithinMs: number;
      readonly leaseMs: number;
      readonly cancelRequested: CancelRequested;
    }
  | {
      readonly kind: 'already-granted' | 'verify';
      readonly leaseMs: number;
      readonly grantedAt: string;
      /** Milliseconds since the grant by the ledger's clock, so that the worker's need not agree with it. */
      readonly grantedAgoMs?: number;
      /** The worker that the permit was granted to, whoever took it over since; null when that is not known. */
      readonly grantedTo?: string | null;
      /** How long the granted worker could have sent. */
      readonly sendWithinMs?: number;
    }
  | { readonly kind: 'being-driven'; readonly retryAfterMs: number }
  | { readonly kind: 'terminal-busy'; readonly attemptId: string; readonly retryAfterMs: number }
  | { readonly kind: 'terminal-in-doubt'; readonly attemptId: string; readonly retryAfterMs: number }
  | { readonly kind: 'not-leased' | 'expired' | 'withdrawn' | 'already-final' | 'unknown-attempt' };

/** Sent every few seconds: keeps leases alive, tells which workers share the site, brings cancels. */
export interface HeartbeatRequest {
  readonly workerId: string;
  readonly siteId: string;
  /** Terminals this worker holds a lease on. */
  readonly terminalIds: readonly string[];
  /** Those of them that answered on the connection it has; absent from a worker of an earlier release. */
  readonly linkedTerminalIds?: readonly string[] | undefined;
  /** Attempts it drives or recovers now. */
  readonly driving: readonly { readonly attemptId: string; readonly nonce: string }[];
  /** The worker is stopping and wants no further terminals. */
  readonly leaving: boolean;
}

/** The ledger's answer to a heartbeat. */
export interface HeartbeatAnswer {
  /** Live workers of the site, this one included; input of the rendezvous hash. */
  readonly workerIds: readonly string[];
  /** Leases that are no longer this worker's: close those connections. */
  readonly lostTerminalIds: readonly string[];
  /** Attempts whose nonce is no longer in force. */
  readonly lostAttemptIds: readonly string[];
  /** Driven attempts that somebody asked to cancel. */
  readonly cancelAttemptIds: readonly string[];
  readonly leaseMs: number;
}

/** What the worker publishes to `kkm.results`. `nonce` is null only for a failure before any permit was asked for. */
export interface AttemptResult {
  /** Key of the ledger's inbox: the same on every repeat. */
  readonly resultId: string;
  readonly attemptId: string;
  readonly paymentId: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly workerId: string;
  readonly nonce: string | null;
  readonly outcome: Outcome;
  /** Card reads that failed before authorisation within the attempt. */
  readonly readFailures: number;
  /** How the outcome became known. `bank`: the ledger asked the bank itself (SBP); never sent by a worker. */
  readonly source: 'answer' | 'recovery' | 'unpermitted' | 'bank';
  /** What was asked and said besides the outcome itself, in that order; at most `evidenceLimits.ofResult` pieces are kept. */
  readonly evidence?: readonly Evidence[];
  /** The terminal has shown all that it can and it settles nothing, now or later: to ask again would not help. */
  readonly heardOut?: boolean;
  /** Worker's clock, RFC 3339. */
  readonly at: string;
}

/** Steps a person watches while a terminal works. Fire and forget: nothing is decided by them. */
export const progressSteps = ['on_terminal', 'card_read_failed', 'still_working', 'answered', 'recovering', 'qr_shown', 'qr_hidden'] as const;

/** One of {@link progressSteps}. */
export type ProgressStep = (typeof progressSteps)[number];

/** Live progress on `kkm.progress`. */
export interface Progress {
  readonly paymentId: string;
  readonly attemptId: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly step: ProgressStep;
  /** For `card_read_failed`: failure `n` of at most `of`. For `answered`: the outcome's kind in `detail`. */
  readonly n: number | null;
  readonly of: number | null;
  readonly detail: string | null;
  /** For `qr_shown`: what is on the screen. */
  readonly qr?: ShownQr | undefined;
  readonly at: string;
}

/** What may arrive on `terminal.<siteId>.<terminalId>.control`: hints for the lease holder, never decisions. */
export type ControlHint =
  | { readonly kind: 'cancel'; readonly attemptId: string }
  | { readonly kind: 'settings-changed'; readonly revision: number }
  /** What is to be shown for this attempt has changed: take the display off and ask the ledger. */
  | { readonly kind: 'qr-changed'; readonly attemptId: string }
  /** Somebody asks something of the terminal outside of payments: take the request from the gateway first. */
  | { readonly kind: 'request'; readonly siteId: string; readonly terminalId: string; readonly requestId: string }
  /** Nobody works on this attempt, which may have been sent: ask the ledger, then the terminal (design-money, clause 9). */
  | { readonly kind: 'recover'; readonly command: PaymentCommand };
