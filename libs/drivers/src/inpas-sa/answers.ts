import type { TerminalAnswer, TerminalRecord, TerminalRequest } from '@kkm/core';
import { BrokenInvariant, noBankFacts, unreachable } from '@kkm/core';
import type { Message } from './fields';
import { amountOf, fieldNumbers as f, identifierOf, textOf } from './fields';
import { factsOf, messageOf, outcomeOf } from './outcomes';
import type { InpasProfile } from './profile';
import { terminalReference } from './reference';
import { readFullReport } from './report';
import { isFinancial } from './requests';
import { readSlip, receiptBlocks } from './slip';

/** The terminal refused the request before it accepted it: an EOT in place of the ACK, or a NAK again and again. Nothing was executed. */
export const refusal: TerminalAnswer = { kind: 'outcome', outcome: { kind: 'failed', reason: 'terminal_busy', facts: noBankFacts }, readFailure: false };

/** What an answer is read against. */
export interface AnswerContext {
  readonly request: TerminalRequest;
  /** The register had asked the terminal to stop. */
  readonly aborted: boolean;
  readonly profile: InpasProfile;
}

/** Reads the answer to a request. */
export function answerOf(fields: Message, { request, aborted, profile }: AnswerContext): TerminalAnswer {
  if (isFinancial(request)) {
    const asked = { operation: request.kind, amountMinor: request.amountMinor, reference: terminalReference(request.reference), aborted };
    return { kind: 'outcome', ...outcomeOf(fields, asked, profile) };
  }
  return plainAnswer(fields, request);
}

function plainAnswer(fields: Message, request: TerminalRequest): TerminalAnswer {
  const receipt = textOf(fields, f.receipt);
  switch (request.kind) {
    case 'link-test':
      return {
        kind: 'link',
        ok: isApproved(fields),
        bankTerminalId: identifierOf(fields, f.bankTerminalId),
        message: messageOf(fields),
        terminalTime: factsOf(fields).terminalTime,
      };
    case 'last-result':
      return { kind: 'last-result', found: lastRecord(fields, receipt), raw: receipt };
    case 'report':
      return { kind: 'report', text: slipText(receipt) ?? '', ...readFullReport(slipText(receipt) ?? '') };
    case 'settle':
      return { kind: 'settled', ok: isApproved(fields), text: slipText(receipt) };
    case 'show-qr':
      return { kind: 'qr-shown', ok: textOf(fields, f.commandResult)?.trim() === '0' };
    case 'sale':
    case 'void':
    case 'refund':
    case 'reversal':
      throw new BrokenInvariant('financial answers are read elsewhere');
    default:
      return unreachable(request);
  }
}

function isApproved(fields: Message): boolean {
  return textOf(fields, f.status)?.trim() === '1';
}

/** The customer's block, or the whole text where a terminal sends it bare. */
function slipText(receipt: string | null): string | null {
  const blocks = receiptBlocks(receipt);
  return blocks ? (blocks.customer ?? blocks.merchant) : receipt;
}

/** Fields win over the slip's text where the profile's terminal returns them; where both tell and differ, the fact is null. */
function lastRecord(fields: Message, receipt: string | null): TerminalRecord | null {
  const text = slipText(receipt);
  if (text === null || text.trim() === '') return null;
  const slip = readSlip(text);
  const told = factsOf(fields);
  const agree = <T>(a: T | null, b: T | null): T | null => (a === null || b === null || a === b ? (a ?? b) : null);
  return {
    operation: slip.operation,
    amountMinor: agree(amountOf(fields), slip.amountMinor),
    rrn: agree(told.rrn, slip.rrn),
    authorisationCode: agree(told.authorisationCode, slip.authorisationCode),
    bankTerminalId: agree(told.bankTerminalId, slip.bankTerminalId),
    reference: identifierOf(fields, f.reference),
    terminalTime: agree(told.terminalTime, slip.terminalTime),
    approved: slip.approved && (textOf(fields, f.status) === null || isApproved(fields)),
    facts: { ...slip.facts, card: told.card, merchantId: told.merchantId },
  };
}
