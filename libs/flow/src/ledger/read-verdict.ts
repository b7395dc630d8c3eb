import { verdictOf } from '@kkm/core';
import type { Verdict, VerdictRequest } from '@kkm/core';
import type { LedgerStore } from './ledger-store';
import { showPayment } from './records';
import { visible } from './scope';

/** Answers "Was the customer charged?". */
export class ReadVerdict {
  constructor(private readonly store: LedgerStore) {}

  /** Throws `Rejected('payment.not_found')`. The evidence may be newer than the judgement, never older: it is read after the payment. */
  async execute({ paymentId, scope }: VerdictRequest): Promise<Verdict> {
    const record = visible(await this.store.payment(paymentId), scope);
    return verdictOf(showPayment(record), await this.store.evidenceOf(paymentId));
  }
}
