import { check, paymentStatus } from '@kkm/core';
import type { CompletionEvent, EventName } from '@kkm/core';
import type { BankFacts, CancelRequested, PaymentStatus } from '@kkm/core';
import { completionEvent } from './events';
import type { EvidenceWrite } from './evidence';
import { followSwitch } from './follow-switch';
import { openReturnOf, openSaleOf, showPayment, timeText } from './records';
import type { AttemptRecord, PaymentRecord, PermitRecord, QrRecord, SurfacedCharge } from './records';
import type { ResolutionWrite } from './resolution';
import type { LedgerSurroundings } from './surroundings';

/** What becomes of the permit of an attempt. `grant` inserts it, and only once ever; `take-over` replaces the nonce `from`; `lapse` ends the lease of `nonce`. */
export type PermitWrite =
  | { readonly kind: 'grant'; readonly attemptId: string; readonly permit: PermitRecord }
  | { readonly kind: 'take-over'; readonly attemptId: string; readonly from: string; readonly atMs: number; readonly permit: PermitRecord }
  | { readonly kind: 'lapse'; readonly attemptId: string; readonly nonce: string; readonly leaseUntilMs: number };

/** What becomes of the bank's QR of an attempt. What a bank was asked, and what it answered, is never taken back. */
export interface QrWrite {
  readonly attemptId: string;
  readonly qr: QrRecord;
}

/** The terminal's lease as it was when the decision was taken; the change happens only if it still stands so, and moves its version. */
export interface LeaseGuard {
  readonly siteId: string;
  readonly terminalId: string;
  readonly version: number;
}

/** An idempotency key that this change uses up. */
export interface KeyWrite {
  readonly siteId: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly attemptId: string;
}

/** Money that moved. `surfaced`: an approval for an attempt that had ended otherwise; it stays `undecided` (design-money, clause 10). */
export interface ChargeWrite {
  readonly attemptId: string;
  readonly resultId: string;
  readonly amountMinor: number;
  readonly facts: BankFacts;
  readonly surfaced: boolean;
}

/** What a person or the ledger decided about a charge: it stays the payment's, or all of it was given back. Never `returned` and then something else. */
export interface DispositionWrite {
  readonly chargeResultId: string;
  readonly disposition: 'kept' | 'returned';
}

/** Money that was given back, of the charge named. `surfaced`: an approval for a return that had ended otherwise. */
export interface ReturnWrite {
  readonly chargeResultId: string;
  readonly attemptId: string;
  readonly resultId: string;
  readonly amountMinor: number;
  readonly facts: BankFacts;
  readonly surfaced: boolean;
}

/** One leg of a balanced entry; debit is positive, credit negative. All legs of an entry add up to nothing. */
export interface PostingWrite {
  readonly entryId: string;
  readonly account: string;
  readonly amountMinor: number;
}

/** An event with where it goes. `siteId` is null when a rejected request named none. */
export interface EventWrite {
  readonly siteId: string | null;
  readonly what: EventName;
  readonly event: CompletionEvent;
}

/** A decided change of one payment. It happens as a whole, in one transaction, and only if the payment's sequence is still `expectedSequence`. */
export interface Change {
  readonly expectedSequence: number;
  readonly next: PaymentRecord;
  /** Attempts of `next` that differ from what is stored. */
  readonly changed: readonly AttemptRecord[];
  /** An attempt of `next` that is not stored yet. */
  readonly added: AttemptRecord | null;
  readonly permit: PermitWrite | null;
  readonly lease: LeaseGuard | null;
  readonly qr: QrWrite | null;
  readonly key: KeyWrite | null;
  /** The result that caused the change; recorded so that its repeats change nothing. */
  readonly resultId: string | null;
  readonly charge: ChargeWrite | null;
  readonly disposed: DispositionWrite | null;
  readonly returned: ReturnWrite | null;
  readonly postings: readonly PostingWrite[];
  readonly evidence: EvidenceWrite | null;
  readonly resolution: ResolutionWrite | null;
  readonly events: readonly EventWrite[];
}

/** What a decision wants changed; the rest of the {@link Change} follows from it. */
export interface Wanted {
  readonly changed?: readonly AttemptRecord[];
  readonly added?: AttemptRecord;
  readonly shown?: Partial<PaymentRecord['shown']>;
  /** Late money and pending returns as they are after the change. */
  readonly money?: Partial<Pick<PaymentRecord, 'surfacedUndecided' | 'surfacedMinor' | 'refundPendingMinor'>>;
  /** The QR of the attempt that is to follow the running one, see {@link PaymentRecord}. */
  readonly switchQr?: QrRecord | null;
  /** The QR that the guest may change over to, see {@link PaymentRecord}. */
  readonly guestQr?: QrRecord | null;
  /** Events besides the one for the status reached. */
  readonly alsoEvents?: readonly EventName[];
  /** No event for the status, because it was not reached anew. */
  readonly silent?: boolean;
  readonly permit?: PermitWrite;
  readonly lease?: LeaseGuard;
  readonly qr?: QrWrite;
  readonly key?: KeyWrite;
  readonly resultId?: string;
  readonly charge?: ChargeWrite;
  readonly disposed?: DispositionWrite;
  readonly returned?: ReturnWrite;
  readonly postings?: readonly PostingWrite[];
  readonly evidence?: EvidenceWrite;
  readonly resolution?: ResolutionWrite;
}

/**
 * Completes a decision: the status follows from the attempts and the money, the sequence grows by one, every status reached has its event,
 * an attempt that was stopped for the other method is followed by the next, and late money that can be decided about now is due at once.
 */
export function changeOf(record: PaymentRecord, wanted: Wanted, around: LedgerSurroundings): Change {
  const attempts = mergeAttempts(record.attempts, wanted);
  const status = paymentStatus(
    attempts.map(({ shown }) => shown),
    wanted.shown?.chargedAmount ?? record.shown.chargedAmount,
  );
  const now = around.nowMs();
  const decided = {
    ...record,
    ...wanted.money,
    switchQr: wanted.switchQr === undefined ? record.switchQr : wanted.switchQr,
    guestQr: wanted.guestQr === undefined ? record.guestQr : wanted.guestQr,
    attempts,
    surfaced: surfacedAfter(record, wanted, now),
    shown: { ...record.shown, ...wanted.shown, status, sequence: record.shown.sequence + 1, updatedAt: timeText(now) },
  };
  const { record: followed, added: follower } = followSwitch(decided, openSaleOf(record), around);
  check(!follower || !wanted.added, 'one attempt is opened at a time');
  const next: PaymentRecord = { ...followed, decideAtMs: isToDecide(followed) ? now : null };
  const reached = wanted.silent ? [] : [eventFor(next.shown.status)];
  return {
    expectedSequence: record.shown.sequence,
    next,
    changed: wanted.changed ?? [],
    added: wanted.added ?? follower,
    permit: wanted.permit ?? null,
    lease: wanted.lease ?? null,
    qr: wanted.qr ?? null,
    key: wanted.key ?? null,
    resultId: wanted.resultId ?? null,
    charge: wanted.charge ?? null,
    disposed: wanted.disposed ?? null,
    returned: wanted.returned ?? null,
    postings: wanted.postings ?? [],
    evidence: wanted.evidence ?? null,
    resolution: wanted.resolution ?? null,
    events: [...reached, ...(wanted.alsoEvents ?? [])].map((what) => paymentEvent(next, what, around)),
  };
}

/** A change that the payment does not show: who may drive the attempt, what was said about it, when to decide next. The sequence stays as it is. */
export function hiddenChangeOf(record: PaymentRecord, wanted: Pick<Wanted, 'permit' | 'lease' | 'qr' | 'resultId' | 'evidence'>): Change {
  return {
    expectedSequence: record.shown.sequence,
    next: record,
    changed: [],
    added: null,
    permit: wanted.permit ?? null,
    lease: wanted.lease ?? null,
    qr: wanted.qr ?? null,
    key: null,
    resultId: wanted.resultId ?? null,
    charge: null,
    disposed: null,
    returned: null,
    postings: [],
    evidence: wanted.evidence ?? null,
    resolution: null,
    events: [],
  };
}

/** An event about a payment as it is after its change. */
export function paymentEvent(next: PaymentRecord, what: EventName, around: LedgerSurroundings): EventWrite {
  const payment = showPayment(next);
  return {
    siteId: payment.siteId,
    what,
    event: completionEvent({ id: around.newId('evt'), what, time: payment.updatedAt, subject: payment.id, sequence: payment.sequence, data: payment }),
  };
}

/** Whether the payment has money that somebody must decide about, and nothing is open or in doubt that could change it (design-money, clauses 10 and 13). */
export function isToDecide(record: PaymentRecord): boolean {
  if (openSaleOf(record) || openReturnOf(record)) return false;
  return record.surfacedUndecided > 0 || (isUnwanted(record) && record.shown.refundedAmount < record.shown.chargedAmount);
}

/** Whether nobody wants the payment's charge: it is a test, or somebody had asked to stop it, at a site that voids such charges. */
export function isUnwanted({ lateApproval, shown }: PaymentRecord): boolean {
  return shown.purpose === 'test' || (lateApproval === 'void' && shown.cancelRequested === 'too_late');
}

/** What a cancel request has come to once the payment is in `status`; a payment that ended uncharged ended as was asked, until money surfaces and counts. */
export function cancelAfter(requested: CancelRequested, status: PaymentStatus): CancelRequested {
  if (requested === 'done') return status === 'succeeded' ? 'too_late' : 'done';
  if (requested !== 'pending') return requested;
  switch (status) {
    case 'succeeded':
      return 'too_late';
    case 'pending':
    case 'in_progress':
    case 'in_doubt':
      return 'pending';
    case 'declined':
    case 'cancelled':
    case 'expired':
    case 'failed':
      return 'done';
  }
}

function mergeAttempts(attempts: readonly AttemptRecord[], wanted: Wanted): readonly AttemptRecord[] {
  const { qr, resolution } = wanted;
  const replaced = attempts.map((attempt) => {
    const found = wanted.changed?.find(({ shown }) => shown.id === attempt.shown.id) ?? attempt;
    const after = qr?.attemptId === found.shown.id ? { ...found, qr: qr.qr } : found;
    return resolution?.attemptId === after.shown.id ? { ...after, resolution: resolution.record } : after;
  });
  return wanted.added ? [...replaced, wanted.added] : replaced;
}

function surfacedAfter({ surfaced }: PaymentRecord, { charge, disposed }: Wanted, nowMs: number): readonly SurfacedCharge[] {
  const decided = surfaced.map((money) => (money.resultId === disposed?.chargeResultId ? { ...money, disposition: disposed.disposition } : money));
  if (!charge?.surfaced) return decided;
  const { attemptId, resultId, amountMinor: amount, facts } = charge;
  return [...decided, { attemptId, resultId, amount, rrn: facts.rrn, disposition: 'undecided', at: timeText(nowMs) }];
}

function eventFor(status: PaymentStatus): EventName {
  if (status === 'pending') return 'accepted';
  return status === 'in_progress' ? 'started' : status;
}
