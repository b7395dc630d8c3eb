import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import type { RefundAtBank, SbpBank, SbpBanks, SbpRefund } from '../ledger/sbp/sbp-bank';

/** What a bank does with the next question: as told; or it acts, and its answer is lost; or nothing reaches it; or it refuses. */
export type BankMood = 'answers' | 'loses-answer' | 'unreachable' | 'refuses';

/** A bank with books of refunds: it does each once, by its id. Makes no QRs. */
export class RefundingBank implements Pick<SbpBank, 'refund' | 'refundStatus'> {
  /** By refund id. */
  readonly made = new Map<string, SbpRefund>();
  /** `refund` and `refundStatus`, in the order they came, with the refund id. */
  readonly asked: string[] = [];
  /** What it does with the next questions, first to last; then it answers. */
  readonly moods: BankMood[] = [];
  /** What it says of a refund that it has made; for example it is still at it. */
  says: (refund: SbpRefund) => RefundAtBank = ({ amountMinor, transactionId }) => ({ kind: 'done', amountMinor, transactionId });

  async refund(refund: SbpRefund): Promise<RefundAtBank> {
    this.asked.push(`refund ${refund.refundId}`);
    return this.inMood(() => {
      if (!this.made.has(refund.refundId)) this.made.set(refund.refundId, refund);
      return this.says(refund);
    });
  }

  async refundStatus(refund: SbpRefund): Promise<RefundAtBank> {
    this.asked.push(`status ${refund.refundId}`);
    return this.inMood(() => (this.made.has(refund.refundId) ? this.says(refund) : { kind: 'unknown' }));
  }

  /** Sites whose only bank this is. */
  asBanks(): SbpBanks {
    const no = (): never => {
      throw new RangeError('this bank only refunds');
    };
    const bank: SbpBank = {
      refund: (refund) => this.refund(refund),
      refundStatus: (refund) => this.refundStatus(refund),
      create: no,
      status: no,
      cancel: no,
      readNotification: no,
      notificationReply: '',
    };
    return { active: () => Promise.resolve('raiffeisen'), of: () => Promise.resolve(bank) };
  }

  private async inMood(act: () => RefundAtBank): Promise<RefundAtBank> {
    const mood = this.moods.shift() ?? 'answers';
    if (mood === 'unreachable') throw new Unavailable('sbp.bank_unavailable');
    if (mood === 'refuses') throw new Rejected('sbp.refused', { detail: 'ERROR.AMOUNT' });
    const at = act();
    if (mood === 'loses-answer') throw new Indeterminate('sbp.no_answer');
    return Promise.resolve(at);
  }
}
