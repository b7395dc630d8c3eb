import type { ReturnWrite } from '../ledger/change';
import type { ChargeRecord } from '../ledger/charges';
import type { AttemptRecord, PaymentRecord } from '../ledger/records';
import type { SqlRow } from './sql-predicate';

/** The columns of a payment that rules look at. */
export function paymentColumns({
  shown,
  orderExclusive,
  lateApproval,
  surfacedMinor,
  refundPendingMinor,
  switchQr,
  guestQr,
}: Omit<PaymentRecord, 'attempts'>): SqlRow {
  return {
    id: shown.id,
    site_id: shown.siteId,
    order_id: shown.orderId,
    amount_minor: shown.amount,
    status: shown.status,
    purpose: shown.purpose,
    charged_minor: shown.chargedAmount,
    refunded_minor: shown.refundedAmount,
    refund_pending_minor: refundPendingMinor,
    surfaced_minor: surfacedMinor,
    cancel_requested: shown.cancelRequested,
    switch_to: shown.switchTo,
    switch_bank: switchQr?.bank ?? null,
    guest_bank: guestQr?.bank ?? null,
    late_approval: lateApproval,
    order_exclusive: orderExclusive,
    closed_at: shown.closedAt,
  };
}

/** The columns of an attempt that rules look at. */
export function attemptColumns(payment: Pick<PaymentRecord, 'shown'>, { shown, moneyPath, original }: AttemptRecord): SqlRow {
  return {
    id: shown.id,
    payment_id: payment.shown.id,
    number: shown.number,
    operation: shown.operation,
    site_id: payment.shown.siteId,
    terminal_id: shown.terminalId,
    status: shown.status,
    money_path: moneyPath,
    amount_minor: shown.amount,
    original_attempt_id: original?.attemptId ?? null,
    original_result_id: original?.chargeResultId ?? null,
    original_rrn: original?.rrn ?? null,
  };
}

/** The columns of a charge that rules look at. */
export function chargeColumns(paymentId: string, charge: Omit<ChargeRecord, 'returns'>): SqlRow {
  return {
    payment_id: paymentId,
    attempt_id: charge.attemptId,
    result_id: charge.resultId,
    surfaced: charge.surfaced,
    disposition: charge.disposition,
  };
}

/** The columns of money given back that rules look at. */
export function returnColumns(paymentId: string, made: ReturnWrite): SqlRow {
  return { payment_id: paymentId, charge_result_id: made.chargeResultId, attempt_id: made.attemptId, result_id: made.resultId, amount_minor: made.amountMinor };
}
