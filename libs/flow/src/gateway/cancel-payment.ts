import type { CancelPaymentRequest, Payment } from '@kkm/core';
import type { CommandPublisher, Ledger } from './ports';

/** Asks to stop a payment: the ledger first, which alone decides, then a hint to whoever drives it (design-money, clause 13). */
export class CancelPayment {
  constructor(private readonly ports: { readonly ledger: Ledger; readonly commands: CommandPublisher }) {}

  /** @throws Rejected `payment.not_found`, `payment.not_cancellable`; Unavailable when the ledger did not answer. */
  async run(request: CancelPaymentRequest): Promise<Payment> {
    const { payment, driving } = await this.ports.ledger.cancel(request);
    if (driving) this.ports.commands.hint(driving, { kind: 'cancel', attemptId: driving.attemptId });
    return payment;
  }
}
