import type { TerminalAnswer, TerminalRecord, TerminalRequest } from '@kkm/core';
import { BrokenInvariant, noBankFacts, unreachable } from '@kkm/core';
import type { Message } from './fields';
import { amountOf, fieldNumbers as f, identifierOf, textOf } from './fields';
import { factsOf, messageOf, outcomeOf } from './outcomes';
import type { InpasProfile } from './profile';
import { terminalReference } from './reference';
import { readFullReport } from './report';
import { isFinancial } from './requests';
import { readSlip, receiptBlocks, withoutCards } from './slip';

/** The terminal refused the request before it accepted it: an EOT in place of the ACK, or a NAK again and again. Nothing was executed. */
export const refusal: TerminalAnswer = { kind: 'outcome', outcome: { kind: 'failed', reason: 'terminal_busy', facts: noBankFacts }, readFailure: false };

/** SBP was asked of a terminal that does not run it: nothing was sent. */
export const noSbp: TerminalAnswer = { kind: 'outcome', outcome: { kind: 'failed', reason: 'not_supported', facts: noBankFacts }, readFailure: false };

/** The terminal does not show this QR. */
export const displayRefused: TerminalAnswer = { kind: 'qr-shown', ok: false, how: 'refused' };

/** What a frame that is refused by NAK again and again means; null where it leaves a doubt that matters to nobody. */
export function refusalOf(request: TerminalRequest): TerminalAnswer | null {
  if (isFinancial(request)) return refusal;
  return request.kind === 'show-qr' ? displayRefused : null;
}

/**
 * How a display ended. `result` is field 67: 0 says that its time was over, 1 that the guest pressed the red key; null: a lone EOT, which that key causes
 * elsewhere. Once the register took it off, the answer says no more than that.
 */
export function displayAnswer(result: string | null, aborted: boolean): TerminalAnswer {
  if (aborted || result === '0') return { kind: 'qr-shown', ok: true, how: 'ended' };
  return result === null || result === '1' ? { kind: 'qr-shown', ok: false, how: 'cancelled' } : displayRefused;
}

/** What an answer is read against. */
export interface AnswerContext {
  readonly request: TerminalRequest;
  /** The register had asked the terminal to stop. */
  readonly aborted: boolean;
  readonly profile: InpasProfile;
}

/** Reads the answer to a request. */
export function answerOf(fields: Message, context: AnswerContext): TerminalAnswer {
  const { request, aborted, profile } = context;
  if (isFinancial(request)) {
    const asked = { operation: request.kind, amountMinor: request.amountMinor, reference: terminalReference(request.reference), aborted };
    return { kind: 'outcome', ...outcomeOf(fields, asked, profile) };
  }
  return plainAnswer(fields, context);
}

function plainAnswer(fields: Message, { request, aborted, profile }: AnswerContext): TerminalAnswer {
  const receipt = textOf(fields, f.receipt);
  switch (request.kind) {
    case 'link-test':
      return {
        kind: 'link',
        ok: isApproved(fields),
        bankTerminalId: identifierOf(fields, f.bankTerminalId),
        message: messageOf(fields),
        terminalTime: factsOf(fields, profile).terminalTime,
        // Operation 26 goes through to the host: its status is the host's.
        host: isApproved(fields) ? 'reached' : 'unreachable',
      };
    case 'last-result':
      return { kind: 'last-result', found: lastRecord(fields, receipt, profile), raw: withoutCards(receipt) };
    case 'report':
      return { kind: 'report', text: withoutCards(slipText(receipt)) ?? '', ...readFullReport(slipText(receipt) ?? '') };
    case 'settle':
      return { kind: 'settled', ok: isApproved(fields), text: withoutCards(slipText(receipt)) };
    case 'show-qr':
      return displayAnswer(textOf(fields, f.commandResult)?.trim() ?? '', aborted);
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
function lastRecord(fields: Message, receipt: string | null, profile: InpasProfile): TerminalRecord | null {
  const text = slipText(receipt);
  if (text === null || text.trim() === '') return null;
  const slip = readSlip(text);
  const told = factsOf(fields, profile);
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
