import type { Currency, SbpBankName } from '@kkm/core';

/** A dynamic QR that is asked of a bank: one amount, paid once. */
export interface SbpOrder {
  /** The attempt's id: at a bank it names the order, and is used once (design-money, clause 19). */
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  /** When the bank is to let it expire by itself. */
  readonly expiresAtMs: number;
  /** What the guest reads in the bank's app; at most 140 characters. */
  readonly purpose: string;
}

/** A QR by both of its names. */
export interface SbpQrName {
  readonly orderId: string;
  readonly qrId: string;
}

/** A QR as the bank made it. `expiresAtMs`: as the bank says; null when it does not. */
export interface CreatedQr {
  readonly qrId: string;
  readonly payload: string;
  readonly expiresAtMs: number | null;
}

/** What the bank says of a QR. `live`: it can be paid. `paying`: a payment is under way. `paid` is final at the bank; `cancelled` and `expired` are not quite (facts: treat a payment in flight as possible). */
export type QrAtBank =
  | { readonly kind: 'live' | 'paying' | 'cancelled' | 'expired' }
  | { readonly kind: 'declined'; readonly message: string | null }
  | { readonly kind: 'paid'; readonly amountMinor: number; readonly transactionId: string | null };

/** A refund that is asked of a bank. */
export interface SbpRefund extends SbpQrName {
  /** The return's attempt id: the bank's idempotency key. At most 40 characters. */
  readonly refundId: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly transactionId: string | null;
}

/** What the bank says of a refund. `unknown`: it never heard of it. */
export type RefundAtBank =
  | { readonly kind: 'done'; readonly amountMinor: number; readonly transactionId: string | null }
  | { readonly kind: 'working' | 'unknown' }
  | { readonly kind: 'declined'; readonly message: string | null };

/** A notification whose signature was checked. */
export interface SbpNotification {
  readonly orderId: string;
  readonly qrId: string | null;
  readonly status: QrAtBank;
}

/**
 * The SBP interface of one site's bank. Every method throws `Unavailable('sbp.bank_unavailable')` when nothing reached the bank,
 * `Rejected('sbp.refused')` when the bank said no and did nothing, and `Indeterminate('sbp.no_answer')` when it may have done it.
 * A call ends within {@link sbpTimes.callMs}.
 */
export interface SbpBank {
  /** Asks for a payable QR: financial bytes. Never asked twice for one order. */
  create(order: SbpOrder): Promise<CreatedQr>;
  status(qr: SbpQrName): Promise<QrAtBank>;
  /** Asks to cancel. Its answer proves nothing: ask for the status. */
  cancel(qr: SbpQrName): Promise<void>;
  /** Asks to give money back. Repeats with the same refund id do it once. */
  refund(refund: SbpRefund): Promise<RefundAtBank>;
  refundStatus(refund: SbpRefund): Promise<RefundAtBank>;
  /** Checks and reads a notification. Throws `Rejected('sbp.signature_invalid')` or `Rejected('request.malformed')`. */
  readNotification(headers: Readonly<Record<string, string>>, body: string): SbpNotification;
  /** What the bank wants to read as the answer to a notification. */
  readonly notificationReply: string;
}

/** The banks of sites, with their credentials. */
export interface SbpBanks {
  /** The bank that new QRs of the site are asked of; null when none is set. Throws `Unavailable('ledger.unavailable')`. */
  active(siteId: string): Promise<SbpBankName | null>;
  /** A bank a site has, or had, a contract with; null when it never had. Throws `Unavailable('ledger.unavailable')`. */
  of(siteId: string, bank: SbpBankName): Promise<SbpBank | null>;
}

/** Times of the ledger's talk with banks, milliseconds. */
export const sbpTimes = {
  /** One call. */
  callMs: 5_000,
  /** From when an asked QR without an answer counts as lost; longer than a call can take. */
  askedMs: 10_000,
  /** Between two questions about an open QR, and at most when the bank fails or limits. */
  pollMs: 800,
  pollMaxMs: 10_000,
  /** How long an ending QR may be unconfirmed before its attempt is in doubt. */
  doubtMs: 15_000,
  /** Between questions about a dead QR: the first, doubling up to the last, for `watchMs` from its making. */
  watchFirstMs: 10_000,
  watchMaxMs: 3_600_000,
  watchMs: 75 * 3_600_000,
} as const;
