import type { AttemptStatus } from './attempt-machine';
import type { OutcomeReason } from './outcomes';

/** Banks whose SBP interface KKM speaks. */
export const sbpBankNames = ['raiffeisen', 'tkassa'] as const;
/** One of {@link sbpBankNames}. */
export type SbpBankName = (typeof sbpBankNames)[number];

/** Through what an attempt's money moves. Only `terminal` keeps its terminal for itself until the outcome is known (design-money, clause 4). */
export const moneyPaths = ['terminal', 'bank_qr'] as const;
/** One of {@link moneyPaths}. */
export type MoneyPath = (typeof moneyPaths)[number];

/** What a guest's cancel key means while a payment by card or QR runs: the end of it, or a change over to the other method. */
export const guestSwitches = ['none', 'cancel_key'] as const;
/** One of {@link guestSwitches}. */
export type GuestSwitch = (typeof guestSwitches)[number];

/**
 * How SBP is paid at a terminal, by its profile. `bank_qr`: the ledger asks the site's bank for a QR and the terminal shows it.
 * `terminal`: the terminal runs SBP itself, inside a sale. `none`: not at all. Without `guestSwitch` the cancel key ends a payment.
 */
export type SbpWay =
  | { readonly by: 'bank_qr'; readonly windowSeconds: number; readonly guestSwitch?: GuestSwitch | undefined }
  | { readonly by: 'terminal' }
  | { readonly by: 'none' };

/** How long a guest has to pay a QR unless the profile says otherwise, and what a profile may say, seconds. */
export const qrWindowSeconds = { usual: 180, min: 30, max: 900 } as const;

/**
 * Where a bank's QR stands.
 * - `planned`: nothing was asked of the bank yet.
 * - `asked`: the bank is, or was, being asked; the answer is not written down. Asked once per attempt, ever (design-money, clause 19).
 * - `open`: the payload is written down and may be shown.
 * - `ending`: nobody is to pay any more; the bank has not confirmed it.
 * - `dead`: the bank confirmed that it is cancelled or expired. It is still watched: money can come late.
 * - `paid`: the bank says paid. - `lost`: the answer to the only asking was lost; nobody saw the payload.
 */
export const qrStages = ['planned', 'asked', 'open', 'ending', 'dead', 'paid', 'lost'] as const;
/** One of {@link qrStages}. */
export type QrStage = (typeof qrStages)[number];

/** The QR of an attempt, as the public contract shows it. `expiresAt`: until when the guest may pay, RFC 3339 UTC. */
export interface ShownQr {
  readonly payload: string;
  readonly expiresAt: string;
}

/**
 * What came of showing a QR since the worker last asked. `none`: nothing was shown yet. `shown`: it was on the screen to the end of its time, or was
 * taken off because the ledger said so. `cancelled`: the guest pressed the terminal's cancel key. `refused`: the terminal cannot show it.
 * `lost`: the link broke while it was shown, or could not be made.
 */
export const qrDisplays = ['none', 'shown', 'cancelled', 'refused', 'lost'] as const;
/** One of {@link qrDisplays}. */
export type QrDisplay = (typeof qrDisplays)[number];

/** The worker that has the attempt's permit asks what to show. */
export interface QrRequest {
  readonly workerId: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly attemptId: string;
  /** The nonce in force. */
  readonly nonce: string;
  readonly display: QrDisplay;
}

/**
 * What the worker does now. `show`: put it on the screen for at most `forMs`, then ask again; never before it was told so here.
 * `wait`: ask again. `ended`: the display is over and the delivery may be acknowledged; how the attempt ends may still be open.
 * `not-in-force`: another handling has taken over, show nothing.
 */
export type QrAnswer =
  | { readonly kind: 'show'; readonly qr: ShownQr; readonly forMs: number }
  | { readonly kind: 'wait'; readonly retryAfterMs: number }
  | { readonly kind: 'ended'; readonly status: AttemptStatus; readonly reason: OutcomeReason | null }
  | { readonly kind: 'not-in-force' };

/** A bank's notification as it came in; nothing of it is believed before its signature was checked in the ledger (design-money, clause 19). */
export interface SbpNotificationRequest {
  readonly bank: SbpBankName;
  readonly siteId: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it was sent, at most 64 KiB. */
  readonly body: string;
}

/** `heard`: it is about a QR of this site and was acted upon. `ignored`: well signed, and about nothing of ours or nothing that matters. */
export interface SbpNotificationAnswer {
  readonly kind: 'heard' | 'ignored';
  /** What the bank wants to read as the body of the answer, for example `OK`. */
  readonly reply: string;
}

/** A site's contract with a bank, as it is shown: never the secret. */
export interface SbpAccount {
  readonly siteId: string;
  readonly bank: SbpBankName;
  /** Origin and path prefix of the bank's interface. */
  readonly baseUrl: string;
  /** The bank's number of the merchant (`sbpMerchantId`, `TerminalKey`). */
  readonly merchantId: string;
  /** Whether it is the one that new QRs are asked of; at most one per site is. */
  readonly active: boolean;
  readonly changedAt: string;
  readonly changedBy: string;
}

/** Sets a site's contract with a bank and makes it the active one. */
export interface SetSbpAccountRequest {
  readonly siteId: string;
  readonly bank: SbpBankName;
  readonly baseUrl: string;
  readonly merchantId: string;
  /** The secret, sealed to the ledger's public key (RFC 9180), base64url of `enc` and ciphertext as {@link SbpSealingKey} describes. Null: the one stored stays. */
  readonly sealedSecret: string | null;
  readonly by: string;
}

/** The ledger's public key (X25519, base64url). A secret is sealed by HPKE base mode (DHKEM X25519 HKDF-SHA256, HKDF-SHA256, AES-256-GCM) with `info` = `kkm sbp <siteId> <bank>`; written as `enc || ciphertext`. */
export interface SbpSealingKey {
  readonly publicKey: string;
}
