import { check } from '@kkm/core';
import type { Attempt, BankIdentity, OpenedPayment, Payment, PaymentCommand, ResolvePaymentRequest } from '@kkm/core';

/** What the ledger answers to whoever opened an attempt. */
export function opened(payment: Payment, replayed: boolean): OpenedPayment {
  const attempt = payment.attempts.at(-1);
  check(attempt, 'a payment has attempts');
  const { id: paymentId, siteId, currency, expiresAt } = payment;
  const command: PaymentCommand = {
    attemptId: attempt.id,
    paymentId,
    siteId,
    currency,
    expiresAt,
    terminalId: attempt.terminalId,
    operation: attempt.operation,
    method: attempt.method,
    amount: attempt.amount,
    original: null,
  };
  return { payment, replayed, command: attempt.status === 'queued' ? command : null };
}

/** The attempt as a person decided it. */
export function decided(attempt: Attempt, { charged, chargedAmount, evidence, by }: ResolvePaymentRequest): Attempt {
  const amount = charged ? (chargedAmount ?? attempt.amount) : 0;
  const at = new Date().toISOString();
  return { ...attempt, status: charged ? 'approved' : 'failed', resolvedBy: { by, at, charged, chargedAmount: amount, evidence, terminal: 'awaited' } };
}

/** A new attempt of a payment, waiting in its terminal's queue. */
export function attemptOf(
  number: number,
  of: {
    readonly paymentId: string;
    readonly amount: number;
    readonly method: Attempt['method'];
    readonly terminalId: string;
    readonly bank?: BankIdentity | null | undefined;
  },
): Attempt {
  const { paymentId, amount, method, terminalId, bank = null } = of;
  return {
    id: `att_${paymentId.slice(4)}_${number}`,
    number,
    operation: 'sale',
    method,
    terminalId,
    amount,
    status: 'queued',
    reason: null,
    message: null,
    hostResponseCode: null,
    card: null,
    rrn: null,
    authorisationCode: null,
    bankTerminalId: null,
    bank,
    slip: null,
    readFailures: 0,
    qr: null,
    createdAt: new Date().toISOString(),
    grantedAt: null,
    finishedAt: null,
    doubtedAt: null,
    resolvedBy: null,
  };
}
