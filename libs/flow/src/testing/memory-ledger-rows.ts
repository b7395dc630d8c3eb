import type { ChargeWrite } from '../ledger/change';
import type { AttemptRecord, PaymentRecord } from '../ledger/records';
import type { SqlRow } from './sql-predicate';

/** The columns of a payment that rules look at. */
export function paymentColumns({ shown, orderExclusive }: Omit<PaymentRecord, 'attempts'>): SqlRow {
  return {
    id: shown.id,
    site_id: shown.siteId,
    order_id: shown.orderId,
    amount_minor: shown.amount,
    status: shown.status,
    charged_minor: shown.chargedAmount,
    refunded_minor: shown.refundedAmount,
    order_exclusive: orderExclusive,
    closed_at: shown.closedAt,
  };
}

/** The columns of an attempt that rules look at. */
export function attemptColumns(payment: Pick<PaymentRecord, 'shown'>, { shown, moneyPath }: AttemptRecord): SqlRow {
  return {
    id: shown.id,
    payment_id: payment.shown.id,
    number: shown.number,
    operation: shown.operation,
    site_id: payment.shown.siteId,
    terminal_id: shown.terminalId,
    status: shown.status,
    money_path: moneyPath,
  };
}

/** The columns of a charge that rules look at. */
export function chargeColumns(paymentId: string, charge: ChargeWrite): SqlRow {
  return {
    payment_id: paymentId,
    attempt_id: charge.attemptId,
    result_id: charge.resultId,
    surfaced: charge.surfaced,
    disposition: charge.surfaced ? 'undecided' : 'kept',
  };
}
