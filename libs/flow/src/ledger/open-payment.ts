import { BrokenInvariant, check, Rejected } from '@kkm/core';
import type { Idempotency, OpenedPayment, OpenPaymentRequest, ReplayRequest } from '@kkm/core';
import { paymentEvent } from './change';
import type { KeyUse, LedgerStore, OrderConflict } from './ledger-store';
import { newSale } from './new-attempt';
import { commandOf, showPayment, timeText } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { choosePath } from './sbp/money-path';
import type { ChosenPath } from './sbp/money-path';
import type { SbpBanks } from './sbp/sbp-bank';
import type { LedgerSurroundings } from './surroundings';

/** Opens a payment with its first attempt, once per idempotency key. A repeat gets the same payment as it stands now, and the command while it is still to be done. */
export class OpenPayment {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
    private readonly banks: SbpBanks,
  ) {}

  /** Throws `Rejected` with `idempotency.key_reused`, `payment.order_busy`, `payment.order_charged`, `sbp.not_offered` or `sbp.bank_not_configured`. */
  async execute(request: OpenPaymentRequest): Promise<OpenedPayment> {
    const { key, fingerprint } = request.idempotency;
    const path = await orUsed(this.store, request, () => choosePath(request, this.banks));
    if ('used' in path) return replayOf(this.store, path.used, request.idempotency);
    const record = newPayment(request, { path, around: this.around });
    const answer = await this.store.open({ record, key: { key, fingerprint }, events: [paymentEvent(record, 'accepted', this.around)] });
    switch (answer.kind) {
      case 'opened':
        return openedAs(record, firstAttempt(record).shown.id);
      case 'key-used':
        return replayOf(this.store, answer.use, request.idempotency);
      case 'order-busy':
      case 'order-charged':
        throw orderConflict(answer.kind);
    }
  }
}

/** Answers for a request that cannot be opened any more as written, when an earlier one with the same key was: its terminal may be gone by now. */
export class ReplayPayment {
  constructor(private readonly store: LedgerStore) {}

  /** Null when the key was never used. Throws `Rejected('idempotency.key_reused')` for another request. */
  async execute({ siteId, idempotency }: ReplayRequest): Promise<OpenedPayment | null> {
    const use = await this.store.keyUse(siteId, idempotency.key);
    return use && replayOf(this.store, use, idempotency);
  }
}

/** The answer to a repeat; refused when the key was used for another request. */
export async function replayOf(store: LedgerStore, use: KeyUse, idempotency: Idempotency): Promise<OpenedPayment> {
  if (use.fingerprint !== idempotency.fingerprint) throw new Rejected('idempotency.key_reused');
  const record = await store.payment(use.paymentId);
  if (!record) throw new BrokenInvariant(`key of a payment ${use.paymentId} that is not there`);
  return { ...openedAs(record, use.attemptId), replayed: true };
}

/** The answer about an attempt that was just opened. */
export function openedAs(record: PaymentRecord, attemptId: string): OpenedPayment {
  return { payment: showPayment(record), attemptId, command: commandOf(record, attemptId), replayed: false };
}

/** Chooses; where that is refused, the use of the request's key when it was handled before: an answer once given stands. */
export async function orUsed(
  store: LedgerStore,
  { siteId, idempotency }: { readonly siteId: string; readonly idempotency: Idempotency },
  choose: () => Promise<ChosenPath>,
): Promise<ChosenPath | { readonly used: KeyUse }> {
  try {
    return await choose();
  } catch (error) {
    const used = error instanceof Rejected ? await store.keyUse(siteId, idempotency.key) : null;
    if (!used) throw error;
    return { used };
  }
}

/** Why the order takes no further payment, as an error. */
export function orderConflict(conflict: OrderConflict): Rejected {
  return new Rejected(conflict === 'order-busy' ? 'payment.order_busy' : 'payment.order_charged');
}

function newPayment(request: OpenPaymentRequest, { path, around }: { readonly path: ChosenPath; readonly around: LedgerSurroundings }): PaymentRecord {
  const { siteId, orderId, registerId, terminalId, amount, currency, method, metadata, expiresInSeconds, bank = null, purpose = 'sale' } = request;
  const attempt = newSale({ number: 1, ...path, terminalId, bank, amount, expiresInSeconds }, around);
  const { createdAt } = attempt.shown;
  return {
    // A test is nobody's bill.
    orderExclusive: !request.additional && purpose === 'sale',
    surfacedUndecided: 0,
    surfaced: [],
    surfacedMinor: 0,
    refundPendingMinor: 0,
    // Money of a test is given back also when it comes late.
    lateApproval: purpose === 'test' ? 'void' : request.lateApproval,
    decideAtMs: null,
    switchQr: null,
    guestQr: path.guestQr,
    attempts: [attempt],
    shown: {
      id: around.newId('pay'),
      siteId,
      orderId,
      registerId,
      terminalId,
      amount,
      currency,
      method,
      purpose,
      status: 'pending',
      chargedAmount: 0,
      refundedAmount: 0,
      cancelRequested: null,
      switchTo: null,
      sequence: 1,
      createdAt,
      updatedAt: createdAt,
      expiresAt: timeText(attempt.expiresAtMs),
      closedAt: null,
      metadata,
    },
  };
}

function firstAttempt(record: PaymentRecord): AttemptRecord {
  const [first] = record.attempts;
  check(first, 'a payment has an attempt');
  return first;
}
