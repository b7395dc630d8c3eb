import { Rejected } from '@kkm/core';
import type { OpenedPayment, RedoPaymentRequest } from '@kkm/core';
import { changeOf } from './change';
import type { Change } from './change';
import type { LedgerStore } from './ledger-store';
import { newSale } from './new-attempt';
import { openedAs, orderConflict, replayOf } from './open-payment';
import { nextNumber, openSaleOf, showPayment, timeText } from './records';
import type { PaymentRecord } from './records';
import { choosePath } from './sbp/money-path';
import type { ChosenPath } from './sbp/money-path';
import type { SbpBanks } from './sbp/sbp-bank';
import { visible } from './scope';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** Opens a further attempt on a payment whose earlier attempts are proved uncharged. Of any number of simultaneous redos exactly one wins. */
export class RedoPayment {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
    private readonly banks: SbpBanks,
  ) {}

  /** Throws `Rejected` with `payment.not_found`, `.not_redoable`, `.closed`, `.amount_not_lower`, `sbp.not_offered`, `sbp.bank_not_configured`, `.order_busy`, `.order_charged` or `idempotency.key_reused`. */
  async execute(request: RedoPaymentRequest): Promise<OpenedPayment> {
    return untilSaved(async () => {
      const record = visible(await this.store.payment(request.paymentId), request.scope);
      const use = await this.store.keyUse(record.shown.siteId, request.idempotency.key);
      if (use) return replayOf(this.store, use, request.idempotency);
      mustBeRedoable(record, this.around.nowMs());
      const { siteId } = record.shown;
      const path = await choosePath({ siteId, method: request.method ?? record.shown.method, sbp: request.sbp }, this.banks);
      const { change, attemptId } = decideRedo(record, { ...request, path }, this.around);
      const answer = await this.store.save(change);
      if (answer === 'order-busy' || answer === 'order-charged') throw orderConflict(answer);
      if (answer === 'stale') return stale;
      return openedAs(change.next, attemptId);
    });
  }
}

/** Decides about a redo; members of the request left null keep the payment's value, and the payment takes on what the new attempt asks for. */
export function decideRedo(
  record: PaymentRecord,
  request: RedoPaymentRequest & { readonly path: ChosenPath },
  around: LedgerSurroundings,
): { readonly change: Change; readonly attemptId: string } {
  const { shown } = record;
  mustBeRedoable(record, around.nowMs());
  const amount = request.amount ?? shown.amount;
  if (amount > shown.amount) throw new Rejected('payment.amount_not_lower');
  const method = request.method ?? shown.method;
  const terminalId = request.terminalId ?? shown.terminalId;
  const { path, expiresInSeconds, bank = null } = request;
  const added = newSale({ number: nextNumber(record), ...path, terminalId, bank, amount, expiresInSeconds }, around);
  const attemptId = added.shown.id;
  const key = { siteId: shown.siteId, key: request.idempotency.key, fingerprint: request.idempotency.fingerprint, attemptId };
  const asked = { amount, method, terminalId, cancelRequested: null, expiresAt: timeText(added.expiresAtMs) };
  const change = changeOf(record, { added, key, guestQr: path.guestQr, shown: asked }, around);
  return { change, attemptId };
}

/** Refuses what cannot be redone now. @throws Rejected `payment.closed`, `payment.not_redoable`; where a bank has not confirmed the end of a QR, with the seconds for which it keeps it alive. */
function mustBeRedoable(record: PaymentRecord, nowMs: number): void {
  if (record.shown.closedAt !== null) throw new Rejected('payment.closed');
  if (showPayment(record).redoable) return;
  const bankExpiresAtMs = openSaleOf(record)?.qr?.bankExpiresAtMs ?? null;
  if (bankExpiresAtMs === null) throw new Rejected('payment.not_redoable');
  const retryAfterSeconds = Math.max(1, Math.ceil((bankExpiresAtMs - nowMs) / 1_000));
  throw new Rejected('payment.not_redoable', {
    detail: `The bank has not confirmed that the QR code can no longer be paid; it keeps it for ${retryAfterSeconds} s at most.`,
    members: { retryAfterSeconds },
  });
}
