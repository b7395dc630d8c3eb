import type { Payment } from '@kkm/core';
import { expireChange } from './grant-permit';
import type { LedgerStore } from './ledger-store';
import { showPayment } from './records';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** How many payments one sweep ends at most; the next sweep takes the rest. */
export const sweepMax = 200;

/** Ends attempts that were never begun before they expired, so that a lost command never stays open. */
export class SweepExpired {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** The payments that this sweep ended; one whose return expired had ended before. Sweeps may overlap: each payment ends once. */
  async execute(): Promise<readonly Payment[]> {
    const paymentIds = await this.store.expiredPayments(this.around.nowMs(), sweepMax);
    const ended = await Promise.all(paymentIds.map((paymentId) => this.expire(paymentId)));
    return ended.filter((payment) => payment !== null);
  }

  private async expire(paymentId: string): Promise<Payment | null> {
    return untilSaved(async () => {
      const record = await this.store.payment(paymentId);
      const now = this.around.nowMs();
      const due = record?.attempts.find(({ shown, expiresAtMs }) => shown.status === 'queued' && expiresAtMs <= now);
      if (!record || !due) return null;
      const change = expireChange(record, due, this.around);
      if ((await this.store.save(change)) !== 'saved') return stale;
      return due.shown.operation === 'sale' ? showPayment(change.next) : null;
    });
  }
}
