import type { TerminalRequest } from '@kkm/core';
import { check, currencyNumbers, unreachable } from '@kkm/core';
import type { FieldContent, Message } from './fields';
import { amountText, fieldNumbers as f, message } from './fields';
import type { InpasProfile } from './profile';
import { terminalReference } from './reference';

/** Sub-operations of operation 63 (field 65). */
export const userCommands = { shortReport: '20', fullReport: '21', receiptCopy: '22', network: '16', networkData: '17' } as const;

/** Builds the message for a request. */
export function requestMessage(request: TerminalRequest, profile: InpasProfile): Message {
  const { operations } = profile;
  switch (request.kind) {
    case 'sale':
    case 'void':
    case 'refund':
    case 'reversal':
      return financialMessage(request, profile);
    case 'link-test':
      return message([
        [f.operation, operations.linkTest],
        [f.bankTerminalId, ''],
      ]);
    case 'settle':
      return message([
        [f.operation, operations.settle],
        [f.bankTerminalId, ''],
      ]);
    case 'last-result':
      return message([
        [f.operation, operations.user],
        [f.mode, '1'],
        [f.subOperation, subOperationOf(request) ?? ''],
      ]);
    case 'report':
      return message([
        [f.operation, operations.user],
        [f.subOperation, subOperationOf(request) ?? ''],
      ]);
    case 'show-qr':
      return message([
        [f.operation, operations.show],
        [f.displaySeconds, String(request.seconds)],
        [f.mode, '4'],
        [f.receipt, `0xDF^^${request.payload}~`],
        [f.message, `${request.header}\n${request.footer}`],
      ]);
    default:
      return unreachable(request);
  }
}

/** Field 25 of the request, which its answer repeats. */
export function operationCodeOf(request: TerminalRequest, profile: InpasProfile): string {
  const { operations } = profile;
  switch (request.kind) {
    case 'link-test':
      return operations.linkTest;
    case 'settle':
      return operations.settle;
    case 'last-result':
    case 'report':
      return operations.user;
    case 'show-qr':
      return operations.show;
    case 'sale':
      return request.sbp && profile.sbp.by === 'terminal' ? profile.sbp.operation : operations.sale;
    case 'void':
    case 'refund':
    case 'reversal':
      return operations[request.kind];
    default:
      return unreachable(request);
  }
}

/** Field 65 of the request, which its answer repeats; null where the request has none. */
export function subOperationOf(request: TerminalRequest): string | null {
  if (request.kind === 'last-result') return userCommands.receiptCopy;
  if (request.kind !== 'report') return null;
  return request.short ? userCommands.shortReport : userCommands.fullReport;
}

type FinancialRequest = Extract<TerminalRequest, { kind: 'sale' | 'void' | 'refund' | 'reversal' }>;

/** Whether the request moves money. */
export function isFinancial(request: TerminalRequest): request is FinancialRequest {
  return request.kind === 'sale' || request.kind === 'void' || request.kind === 'refund' || request.kind === 'reversal';
}

function financialMessage(request: FinancialRequest, profile: InpasProfile): Message {
  check(Number.isSafeInteger(request.amountMinor) && request.amountMinor > 0, 'a terminal is asked for a whole, positive amount');
  const original = 'original' in request ? request.original : null;
  const known = new Map<number, string | null>([
    ...Object.entries(profile.constants).map(([number, content]) => [Number(number), content] as const),
    [f.amount, amountText(request.amountMinor)],
    [f.currency, currencyNumbers[request.currency]],
    [f.authorisationCode, original?.authorisationCode ?? null],
    [f.rrn, original?.rrn ?? null],
    [f.operation, operationCodeOf(request, profile)],
    [f.reference, terminalReference(request.reference)],
    [f.bankTerminalId, profile.bankTerminalId],
  ]);
  const entries = profile.fields[request.kind].flatMap((number): (readonly [number, FieldContent])[] => {
    const content = known.get(number) ?? null;
    return content === null ? [] : [[number, content]];
  });
  return message(entries);
}
