import { check, type PaymentCommand, type TerminalRequest } from '@kkm/core';

/** Whether the command's money moves by a bank's QR, which the terminal only shows. */
export function isBankQr({ moneyPath, operation }: PaymentCommand): boolean {
  return moneyPath === 'bank_qr' && operation === 'sale';
}

/** Whether a worker can do what the command says. What gives money back must name the charge, and a bank's refund is the ledger's own. */
export function isSupported({ operation, moneyPath, original }: PaymentCommand): boolean {
  return operation === 'sale' || (original !== null && moneyPath !== 'bank_qr');
}

/** The terminal's request for a command. The attempt's id is the reference: a redo has one of its own. */
export function requestFor(command: PaymentCommand): TerminalRequest {
  const { operation, attemptId, amount, currency, original } = command;
  const asked = { reference: attemptId, amountMinor: amount, currency };
  if (operation === 'sale') return { kind: 'sale', ...asked, ...(command.method === 'sbp_qr' && { sbp: true }) };
  check(original, `a ${operation} names its charge`);
  if (operation === 'reversal') return { kind: operation, ...asked };
  const { rrn, authorisationCode } = original;
  return { kind: operation, ...asked, original: { rrn, authorisationCode } };
}
