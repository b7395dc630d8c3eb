import { notChargedStatuses, Rejected } from '@kkm/core';
import type { ClosePaymentRequest, Payment, PaymentStatus } from '@kkm/core';
import { changeOf } from './change';
import type { Change } from './change';
import type { LedgerStore } from './ledger-store';
import { showPayment, timeText } from './records';
import type { PaymentRecord } from './records';
import { visible } from './scope';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** Closes a payment that has ended: it is redone no more, for the bill may have been paid in cash (design-money, clause 17). */
export class ClosePayment {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** Throws `Rejected` with `payment.not_found` or `payment.not_closable`. Repeats are harmless. */
  async execute({ paymentId, scope }: ClosePaymentRequest): Promise<Payment> {
    return untilSaved(async () => {
      const record = visible(await this.store.payment(paymentId), scope);
      const change = decideClose(record, this.around);
      if (!change) return showPayment(record);
      return (await this.store.save(change)) === 'saved' ? showPayment(change.next) : stale;
    });
  }
}

/** How many payments one sweep closes at most; the next sweep takes the rest. */
export const closingMax = 200;

/** Closes payments that ended long ago and that nobody touched since. */
export class CloseEnded {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** How many this sweep closed. Sweeps may overlap: each payment is closed once, and one that is redone meanwhile stays open. */
  async execute(closeAfterMs: number): Promise<number> {
    const paymentIds = await this.store.paymentsToClose(this.around.nowMs() - closeAfterMs, closingMax);
    const closed = await Promise.all(paymentIds.map((paymentId) => this.close(paymentId, this.around.nowMs() - closeAfterMs)));
    return closed.filter(Boolean).length;
  }

  private async close(paymentId: string, untouchedSinceMs: number): Promise<boolean> {
    return untilSaved(async () => {
      const record = await this.store.payment(paymentId);
      if (!record || record.shown.closedAt !== null || Date.parse(record.shown.updatedAt) > untouchedSinceMs) return false;
      const change = isEnded(record.shown.status) ? decideClose(record, this.around) : null;
      if (!change) return false;
      return (await this.store.save(change)) === 'saved' ? true : stale;
    });
  }
}

/** The change that closes a payment; null when it is closed already. Nothing is announced: no status is reached, and what was said of the payment stays true. */
export function decideClose(record: PaymentRecord, around: LedgerSurroundings): Change | null {
  if (record.shown.closedAt !== null) return null;
  if (!isEnded(record.shown.status)) throw new Rejected('payment.not_closable');
  return changeOf(record, { silent: true, shown: { closedAt: timeText(around.nowMs()) } }, around);
}

function isEnded(status: PaymentStatus): boolean {
  return status === 'succeeded' || (notChargedStatuses as readonly PaymentStatus[]).includes(status);
}
