import type { BankIdentity } from './bank-details';
import type { Currency } from './money';
import type { EventName, LateApproval, Method, Payment, PaymentStatus, Purpose } from './payment';
import type { Decider, Requester } from './resolution';
import type { SbpWay } from './sbp';
import type { PaymentCommand } from './work';

/** Which sites a caller may see: a list, or `null` for an operator who sees all. */
export type SiteScope = readonly string[] | null;

/** What makes a repeat of a request the same request. Keys never expire. */
export interface Idempotency {
  /** 1 to 255 characters, unique per site. */
  readonly key: string;
  /** SHA-256 (hex) of the canonical request; the same key with another fingerprint is refused. */
  readonly fingerprint: string;
}

/** Opens a payment with its first attempt, in one transaction. The terminal is already chosen. */
export interface OpenPaymentRequest {
  readonly idempotency: Idempotency;
  readonly siteId: string;
  readonly orderId: string;
  readonly registerId: string | null;
  readonly terminalId: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly method: Method;
  readonly expiresInSeconds: number;
  /** How SBP is paid at the terminal; absent: not at all. */
  readonly sbp?: SbpWay | undefined;
  /** What the bank knows the terminal by, as the settings are now; absent from a gateway of an earlier release. */
  readonly bank?: BankIdentity | null | undefined;
  /** A second payment of the same order is meant (design-money, clause 16). */
  readonly additional: boolean;
  /** The site's setting as it is now; later changes do not concern this payment. */
  readonly lateApproval: LateApproval;
  /** Absent: `sale`. */
  readonly purpose?: Purpose | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Opens a further attempt on the same payment. Members left null keep the payment's value. */
export interface RedoPaymentRequest {
  readonly idempotency: Idempotency;
  readonly scope: SiteScope;
  readonly paymentId: string;
  readonly method: Method | null;
  readonly terminalId: string | null;
  readonly amount: number | null;
  readonly expiresInSeconds: number;
  /** How SBP is paid at the terminal of the new attempt; absent: not at all. */
  readonly sbp?: SbpWay | undefined;
  /** What the bank knows that terminal by, as the settings are now; absent from a gateway of an earlier release. */
  readonly bank?: BankIdentity | null | undefined;
}

/** Gives back a part or all of what was charged. */
export interface RefundPaymentRequest {
  readonly idempotency: Idempotency;
  readonly scope: SiteScope;
  readonly paymentId: string;
  /** Minor units; null: all that is left. */
  readonly amount: number | null;
  /** Why, in a person's words; kept as evidence. */
  readonly reason: string | null;
  readonly by: Requester;
}

/** The guest of a payment that takes card or QR wants the other: the running attempt is stopped, and once it is proved uncharged the ledger opens the next (design-money, clause 20). */
export interface SwitchPaymentRequest {
  readonly scope: SiteScope;
  readonly paymentId: string;
  readonly method: 'card' | 'sbp_qr';
  /** How SBP is paid at the terminal. */
  readonly sbp: SbpWay;
}

/** The payment after open or redo; `command` is to be published while the attempt is still queued, also on a replay. */
export interface OpenedPayment {
  readonly payment: Payment;
  /** The attempt that the request opened, also on a replay; absent from a ledger of an earlier release. */
  readonly attemptId?: string | undefined;
  readonly command: PaymentCommand | null;
  readonly replayed: boolean;
}

/** Asks what an earlier open or redo with this key made, when the request could no longer be opened as written (its terminal is gone). Refused as `open` refuses when the fingerprint differs. */
export interface ReplayRequest {
  readonly siteId: string;
  readonly idempotency: Idempotency;
}

/** Records that somebody wants the payment stopped. */
export interface CancelPaymentRequest {
  readonly scope: SiteScope;
  readonly paymentId: string;
}

/** The payment after the cancel was recorded; `driving` names the attempt to hint at the terminal, when one is granted. */
export interface CancelledPayment {
  readonly payment: Payment;
  readonly driving: { readonly siteId: string; readonly terminalId: string; readonly attemptId: string } | null;
}

/** A person's decision about the attempt of a payment that is in doubt. */
export interface ResolvePaymentRequest {
  readonly scope: SiteScope;
  readonly paymentId: string;
  /** The attempt meant; null: the one in doubt. */
  readonly attemptId: string | null;
  readonly charged: boolean;
  /** Minor units; null: the whole amount of the attempt. Only with `charged`. */
  readonly chargedAmount: number | null;
  readonly evidence: string;
  readonly by: Decider;
  /** Null: a repeat is known by the decision alone. */
  readonly idempotency: Idempotency | null;
}

/** Closes a payment: it can be redone no more. */
export interface ClosePaymentRequest {
  readonly scope: SiteScope;
  readonly paymentId: string;
}

/** Asks whether the customer was charged. */
export interface VerdictRequest {
  readonly scope: SiteScope;
  readonly paymentId: string;
}

/** Reads one payment, by id or by site and order (the newest payment of the order). */
export interface ReadPaymentRequest {
  readonly scope: SiteScope;
  readonly by: { readonly paymentId: string } | { readonly siteId: string; readonly orderId: string };
}

/** Reads a page of payments, newest first. `cursor` is what the page before gave as `next`. */
export interface ListPaymentsRequest {
  readonly scope: SiteScope;
  readonly siteId: string | null;
  readonly orderId: string | null;
  readonly status: PaymentStatus | null;
  readonly purpose: Purpose | null;
  /** Of one of the payment's sales. */
  readonly method: Method | null;
  /** Where the money of one of its sales goes, by that sale's settings; by the sale of `method`, when both are given. */
  readonly settlementAccount: string | null;
  /** What the bank calls it: on one of the payment's attempts or charges. Of SBP the bank's own id of the transfer, else of its QR. */
  readonly rrn: string | null;
  /** On the attempt or charge of `rrn`, when both are given. */
  readonly authorisationCode: string | null;
  /** Minor units, asked for or charged. */
  readonly amount: number | null;
  readonly from: string | null;
  readonly to: string | null;
  /** 1 to 200. */
  readonly limit: number;
  readonly cursor: string | null;
}

/** A page of payments; `next` is null at the end. */
export interface PaymentPage {
  readonly payments: readonly Payment[];
  readonly next: string | null;
}

/** A completion event: CloudEvents 1.0.2, structured JSON. The same `id` on every repeat; `sequence` is the payment's. */
export interface CompletionEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: `kkm.payment.${EventName}.v1`;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly sequence: number;
  readonly data: Payment | RejectedRequest;
}

/** The `data` of `payment.rejected` (design-money, clause 24). */
export interface RejectedRequest {
  readonly siteId: string | null;
  readonly orderId: string | null;
  readonly requestId: string;
  readonly problem: { readonly code: string; readonly title: string; readonly status: number; readonly detail?: string };
}

/** Reads the gap-free feed of events from `after` on (null: from the beginning), oldest first. */
export interface ReadEventsRequest {
  readonly scope: SiteScope;
  readonly after: string | null;
  /** 1 to 1000. */
  readonly limit: number;
}

/** A page of the feed. `next` is always a cursor: ask again with it for what came later. */
export interface EventPage {
  readonly events: readonly CompletionEvent[];
  readonly next: string;
}

/** The cursor behind the newest event of the feed: read from here to see only what comes later. */
export interface FeedEnd {
  readonly next: string;
}

/** Tells that a request that came by message can never succeed; becomes a `payment.rejected` event. */
export interface RejectRequestRequest {
  readonly rejected: RejectedRequest;
}

/** Facts about a terminal's unfinished work, asked before equipment changes (design-money, clause 6). */
export interface TerminalStanding {
  readonly terminalId: string;
  readonly occupantAttemptId: string | null;
  readonly inDoubt: boolean;
  readonly leaseHolder: string | null;
}
