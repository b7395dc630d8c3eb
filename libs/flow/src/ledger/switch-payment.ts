import { Rejected } from '@kkm/core';
import type { CancelledPayment, SwitchPaymentRequest } from '@kkm/core';
import { drivenOf, stopChange } from './cancel-payment';
import { changeOf } from './change';
import type { Change } from './change';
import { withdraw } from './end-attempt';
import type { LedgerStore } from './ledger-store';
import { openSaleOf, showPayment } from './records';
import type { PaymentRecord } from './records';
import { choosePath } from './sbp/money-path';
import type { ChosenPath } from './sbp/money-path';
import type { SbpBanks } from './sbp/sbp-bank';
import { visible } from './scope';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** Records that the guest wants to pay the other way: the running attempt is stopped, and the next opens in the change that proves it uncharged (design-money, clause 20). */
export class SwitchPayment {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
    private readonly banks: SbpBanks,
  ) {}

  /** Throws `Rejected` with `payment.not_found`, `payment.not_switchable`, `sbp.not_offered` or `sbp.bank_not_configured`. Repeats are harmless. */
  async execute(request: SwitchPaymentRequest): Promise<CancelledPayment> {
    return untilSaved(async () => {
      const record = visible(await this.store.payment(request.paymentId), request.scope);
      mustBeSwitchable(record, request.method);
      const path = await choosePath({ ...request, siteId: record.shown.siteId }, this.banks);
      const change = decideSwitch(record, { method: request.method, path }, this.around);
      if (change && (await this.store.save(change)) !== 'saved') return stale;
      const after = change?.next ?? record;
      return { payment: showPayment(after), driving: drivenOf(after) };
    });
  }
}

/** The change that records a switch; null when it is recorded already. A queued attempt ends at once, and the next follows in the same change. */
export function decideSwitch(
  record: PaymentRecord,
  { method, path }: { readonly method: SwitchPaymentRequest['method']; readonly path: ChosenPath },
  around: LedgerSurroundings,
): Change | null {
  const open = mustBeSwitchable(record, method);
  const wanted = { switchTo: method, switchQr: path.qr } as const;
  if (open.shown.status !== 'queued') return record.shown.switchTo === method ? null : stopChange(record, { open, ...wanted }, around);
  const { switchTo, switchQr } = wanted;
  return changeOf(record, { changed: [withdraw(open, around.nowMs())], shown: { switchTo, cancelRequested: 'pending' }, switchQr }, around);
}

/** The attempt that is to be stopped. A cancel that is on its way wins: nothing is to follow it. */
function mustBeSwitchable({ shown, attempts }: PaymentRecord, method: SwitchPaymentRequest['method']) {
  const open = openSaleOf({ attempts });
  if (shown.method !== 'card_or_sbp_qr' || !open) throw new Rejected('payment.not_switchable');
  if (open.shown.method === method) throw new Rejected('payment.not_switchable', { detail: 'The payment is being made that way.' });
  if (open.shown.method === 'card_or_sbp_qr') throw new Rejected('payment.not_switchable', { detail: 'The terminal lets the guest choose by itself.' });
  if (shown.cancelRequested === 'pending' && shown.switchTo === null)
    throw new Rejected('payment.not_switchable', { detail: 'The payment is being cancelled.' });
  return open;
}
