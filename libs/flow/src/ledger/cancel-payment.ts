import { Rejected } from '@kkm/core';
import type { CancelledPayment, CancelPaymentRequest } from '@kkm/core';
import { changeOf } from './change';
import type { Change } from './change';
import { withdraw } from './end-attempt';
import type { LedgerStore } from './ledger-store';
import { openSaleOf, showPayment } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { visible } from './scope';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** Records that somebody wants a payment stopped, before anyone is told (design-money, clause 13). A queued attempt ends at once; one at the terminal ends as the terminal says. */
export class CancelPayment {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** Throws `Rejected` with `payment.not_found` or `payment.not_cancellable`. Repeats are harmless. */
  async execute(request: CancelPaymentRequest): Promise<CancelledPayment> {
    return untilSaved(async () => {
      const record = visible(await this.store.payment(request.paymentId), request.scope);
      const change = decideCancel(record, this.around);
      if (change && (await this.store.save(change)) !== 'saved') return stale;
      const after = change?.next ?? record;
      return { payment: showPayment(after), driving: drivenOf(after) };
    });
  }
}

/** The change that records a cancel; null when it is recorded already. */
export function decideCancel(record: PaymentRecord, around: LedgerSurroundings): Change | null {
  const open = openSaleOf(record);
  if (!open) {
    if (record.shown.cancelRequested === 'done') return null;
    throw new Rejected('payment.not_cancellable');
  }
  if (open.shown.status === 'queued') return changeOf(record, { changed: [withdraw(open, around.nowMs())], shown: { cancelRequested: 'done' } }, around);
  if (record.shown.cancelRequested === 'pending' && record.shown.switchTo === null) return null;
  return stopChange(record, { open, switchTo: null, switchQr: null }, around);
}

/** The change that asks for the end of an attempt that is under way, to be followed by none or by one with the other method; its bank is asked at once. */
export function stopChange(
  record: PaymentRecord,
  { open, switchTo, switchQr }: Pick<PaymentRecord, 'switchQr'> & Pick<PaymentRecord['shown'], 'switchTo'> & { readonly open: AttemptRecord },
  around: LedgerSurroundings,
): Change {
  const qr = open.qr && open.qr.nextAskAtMs !== null && { attemptId: open.shown.id, qr: { ...open.qr, nextAskAtMs: around.nowMs() } };
  return changeOf(record, { shown: { cancelRequested: 'pending', switchTo }, switchQr, silent: true, ...(qr && { qr }) }, around);
}

/** Whom to hint at the stop: the attempt that a worker drives; null when none does. */
export function drivenOf(record: PaymentRecord): CancelledPayment['driving'] {
  const open = openSaleOf(record);
  if (open?.shown.status !== 'granted') return null;
  return { siteId: record.shown.siteId, terminalId: open.shown.terminalId, attemptId: open.shown.id };
}
