import { check, type PaymentCommand, type TerminalRequest } from '@kkm/core';

/** Whether a worker can do what the command says. A QR of a bank and the emergency reversal are not asked of a terminal. */
export function isSupported(command: PaymentCommand): boolean {
  if (command.operation === 'sale') return command.method !== 'sbp_qr';
  return (command.operation === 'void' || command.operation === 'refund') && command.original !== null;
}

/** The terminal's request for a command. The attempt's id is the reference: a redo has one of its own. */
export function requestFor(command: PaymentCommand): TerminalRequest {
  const { operation, attemptId, amount, currency, original } = command;
  const asked = { reference: attemptId, amountMinor: amount, currency };
  if (operation === 'sale') return { kind: 'sale', ...asked };
  check((operation === 'void' || operation === 'refund') && original, `${operation} is not asked of a terminal`);
  return { kind: operation, ...asked, original };
}
