import { check, type PaymentCommand, type TerminalRequest } from '@kkm/core';

/** Whether a worker can do what the command says. The QR of a bank is not asked of a terminal, and what gives money back must name the charge. */
export function isSupported(command: PaymentCommand): boolean {
  return command.operation === 'sale' ? command.method !== 'sbp_qr' : command.original !== null;
}

/** The terminal's request for a command. The attempt's id is the reference: a redo has one of its own. */
export function requestFor(command: PaymentCommand): TerminalRequest {
  const { operation, attemptId, amount, currency, original } = command;
  const asked = { reference: attemptId, amountMinor: amount, currency };
  if (operation === 'sale') return { kind: 'sale', ...asked };
  check(original, `a ${operation} names its charge`);
  if (operation === 'reversal') return { kind: operation, ...asked };
  const { rrn, authorisationCode } = original;
  return { kind: operation, ...asked, original: { rrn, authorisationCode } };
}
