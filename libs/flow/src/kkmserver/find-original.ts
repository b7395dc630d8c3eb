import { Rejected } from '@kkm/core';
import type { ChargeReference, Payment } from '@kkm/core';
import { paymentIdIn } from './charge-facts';
import type { CommandRecord } from './command-store';
import { doorTexts } from './door-texts';
import type { CommandPorts } from './ports';
import { isChargeEnded } from './saga';

/** Which charge a command gives back, or why none: in words for people. */
export type Original = { readonly payment: Payment } | { readonly error: string };

/** Finds the charge that a command names, in the books of KKM alone: what was not charged through KKM is not given back through it. */
export class FindOriginal {
  constructor(private readonly ports: Pick<CommandPorts, 'store' | 'payments' | 'findCharge'>) {}

  /** @throws Unavailable when the ledger did not answer. */
  async run(record: CommandRecord): Promise<Original> {
    const { wish } = record.command;
    switch (wish.kind) {
      case 'ReturnPaymentByPaymentCard':
      case 'CancelPaymentByPaymentCard':
      case 'TransactionDetails':
        return this.named(record.siteId, wish.original, doorTexts.noReference);
      case 'EmergencyReversal':
        return isNamed(wish.original) ? this.named(record.siteId, wish.original, doorTexts.noReference) : this.newest(record);
      case 'RegisterCheck':
        return isNamed(wish.check.original) ? this.named(record.siteId, wish.check.original, doorTexts.noReceiptReference) : this.ofReceipt(record);
      default:
        return { error: doorTexts.noReference };
    }
  }

  private async named(siteId: string, { rrn, authorisationCode }: ChargeReference, unnamed: string): Promise<Original> {
    if (rrn === null) return { error: unnamed };
    const paymentId = paymentIdIn(rrn);
    const found = await (paymentId === null ? this.ports.findCharge({ siteId, rrn, authorisationCode }) : this.byId(siteId, paymentId));
    return found && found.siteId === siteId && found.chargedAmount > 0 ? { payment: found } : { error: doorTexts.chargeNotFound };
  }

  /**
   * The newest payment that came through this door to the terminal, and only if it charged: one before it is another guest's, and one in doubt may be no charge at
   * all, so that reversing the terminal's last operation would undo a stranger's.
   */
  private async newest({ siteId, terminalId }: CommandRecord): Promise<Original> {
    const newest = terminalId === null ? null : await this.ports.store.newestCharge(siteId, terminalId);
    if (!newest) return { error: doorTexts.nothingToReverse };
    if (newest.paymentId === null) return { error: newest.stage === 'done' ? doorTexts.nothingToReverse : doorTexts.reversalInDoubt };
    const payment = await this.ports.payments.read(siteId, newest.paymentId);
    if (!isChargeEnded(payment)) return { error: doorTexts.reversalInDoubt };
    return payment.chargedAmount > payment.refundedAmount ? { payment } : { error: doorTexts.nothingToReverse };
  }

  /** A return check without the bank's numbers: the charge of the check with the same number at that register. */
  private async ofReceipt({ siteId, registerId, receiptNumber }: CommandRecord): Promise<Original> {
    if (registerId === null || receiptNumber === null) return { error: doorTexts.noReceiptReference };
    const sold = await this.ports.store.byReceipt({ siteId, registerId, receiptNumber });
    if (!sold?.paymentId) return { error: doorTexts.noReceiptReference };
    const payment = await this.ports.payments.read(siteId, sold.paymentId);
    return payment.chargedAmount > 0 ? { payment } : { error: doorTexts.noReceiptReference };
  }

  private async byId(siteId: string, paymentId: string): Promise<Payment | null> {
    try {
      return await this.ports.payments.read(siteId, paymentId);
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }
}

function isNamed(reference: ChargeReference | null): reference is ChargeReference {
  return reference !== null && (reference.rrn !== null || reference.authorisationCode !== null);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Rejected && error.code === 'payment.not_found';
}
