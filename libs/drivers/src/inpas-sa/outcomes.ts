import { maskCardNumbers } from '@kkm/core';
import type { BankFacts, CardFacts, Outcome, OutcomeReason } from '@kkm/core';
import type { Message } from './fields';
import { amountOf, fieldNumbers as f, identifierOf, textOf } from './fields';
import type { InpasProfile } from './profile';
import { hostReason, lookedUp } from './profile';
import { receiptBlocks, withoutCards } from './slip';

/** What was asked for, as far as the meaning of the answer depends on it. */
export interface Asked {
  readonly operation: 'sale' | 'void' | 'refund' | 'reversal';
  readonly amountMinor: number;
  /** As sent in field 26. */
  readonly reference: string;
  /** The register asked the terminal to stop. */
  readonly aborted: boolean;
}

/** The meaning of a result. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Proved to have failed before authorisation: the card may be asked for again. */
  readonly readFailure: boolean;
}

/** Reads a result of a financial operation (field 39, with 13, 14, 15, 19 and 26). What is not listed is `unknown`. */
export function outcomeOf(fields: Message, asked: Asked, profile: InpasProfile): Verdict {
  const facts = factsOf(fields, profile);
  const reference = identifierOf(fields, f.reference);
  const plain = (outcome: Outcome): Verdict => ({ outcome, readFailure: false });
  if (reference !== null && reference !== asked.reference) return plain(unknown(facts));
  const status = textOf(fields, f.status)?.trim() ?? '';
  // The only captured answer to an auto-reversal was "53, ER3", and it proved nothing (facts, section 8.2): nothing but 1 is believed.
  if (asked.operation === 'reversal') return plain(status === '1' ? approved(amountOf(fields) ?? asked.amountMinor, facts) : unknown(facts));
  if (isReadFailure(fields, facts, profile)) return { outcome: ended('failed', 'card_read_error', facts), readFailure: true };
  switch (status) {
    case '1':
      return plain(approvedIfOurs(fields, facts, asked));
    case '17':
      return plain(profile.offline === 'approved' ? approvedIfOurs(fields, facts, asked) : unknown(facts));
    case '16':
      return plain(ended('declined', hostReason(profile, facts.hostResponseCode), facts));
    case '34':
      return plain(withoutAuthorisation(ended('failed', 'host_unreachable', facts)));
    case '53':
      return plain(withoutAuthorisation(ended('cancelled', cancelReason(facts, asked, profile), facts)));
    default:
      return plain(unknown(facts));
  }
}

/**
 * An approval must name its amount. More than was asked for is never ours to believe; less is a partial approval, and believed only when the terminal
 * named our reference, because an amount that differs has nothing else to be known by.
 */
function approvedIfOurs(fields: Message, facts: BankFacts, asked: Asked): Outcome {
  const amountMinor = amountOf(fields);
  const named = identifierOf(fields, f.reference) !== null;
  const ours = amountMinor !== null && amountMinor > 0 && (amountMinor === asked.amountMinor || (amountMinor < asked.amountMinor && named));
  return ours ? approved(amountMinor, facts) : unknown(facts);
}

/** A cancel or a lost host beside an authorisation code contradicts itself: the bank had approved. */
function withoutAuthorisation(outcome: Outcome): Outcome {
  return outcome.facts.authorisationCode === null ? outcome : unknown(outcome.facts);
}

function isReadFailure(fields: Message, facts: BankFacts, profile: InpasProfile): boolean {
  const { readFailure } = profile;
  const silentHost = [f.hostResponseCode, f.rrn, f.authorisationCode].every((number) => textOf(fields, number) === null);
  return textOf(fields, f.status)?.trim() === readFailure.status && silentHost && facts.message !== null && readFailure.texts.includes(facts.message);
}

function cancelReason(facts: BankFacts, asked: Asked, profile: InpasProfile): OutcomeReason {
  const told = lookedUp(profile.cancelReasons, facts.message);
  return told ?? (asked.aborted ? 'cashier_cancelled' : 'customer_cancelled');
}

/** Collects what a result says, in the words of the field. */
export function factsOf(fields: Message, profile: InpasProfile): BankFacts {
  const blocks = receiptBlocks(textOf(fields, f.receipt));
  return {
    message: messageOf(fields),
    hostResponseCode: textOf(fields, f.hostResponseCode)?.trim() ?? null,
    card: cardOf(textOf(fields, f.pan), { scheme: blocks?.cardName ?? null, byQr: isByQr(fields, profile) }),
    rrn: identifierOf(fields, f.rrn),
    authorisationCode: identifierOf(fields, f.authorisationCode),
    bankTerminalId: identifierOf(fields, f.bankTerminalId),
    merchantId: identifierOf(fields, f.merchantId),
    slip: withoutCards(blocks?.customer ?? blocks?.merchant ?? null),
    terminalTime: timeOf(textOf(fields, f.terminalTime) ?? textOf(fields, f.hostTime)),
  };
}

/** The terminal's words (field 19) without the picture's name that may follow as `^NAME.JPG~`. */
export function messageOf(fields: Message): string | null {
  const text = (textOf(fields, f.text) ?? '').replace(/\^[^^~]*~$/, '').trim();
  return text === '' ? null : maskCardNumbers(text);
}

/** Card facts; digits before the last four are masked here again, should a terminal ever fail to. A payment by QR has no number, and an empty one is told. */
export function cardOf(pan: string | null, { scheme, byQr }: { readonly scheme: string | null; readonly byQr: boolean }): CardFacts | null {
  const trimmed = pan?.trim() ?? '';
  if (trimmed === '' && !byQr) return null;
  return { maskedPan: trimmed.slice(0, -4).replace(/\d/g, '*') + trimmed.slice(-4), scheme, entryMode: byQr ? 'qr' : 'unknown' };
}

/** Whether the terminal says that the guest paid by QR. Only a profile whose terminal runs SBP knows the word for it. */
function isByQr(fields: Message, { sbp }: InpasProfile): boolean {
  return sbp.by === 'terminal' && textOf(fields, f.entryMode)?.trim() === sbp.entryModeQr;
}

function timeOf(text: string | null): string | null {
  return text !== null && /^\d{14}$/.test(text) ? text : null;
}

function approved(chargedMinor: number, facts: BankFacts): Outcome {
  return { kind: 'approved', chargedMinor, facts };
}

function ended(kind: 'declined' | 'cancelled' | 'failed', reason: OutcomeReason, facts: BankFacts): Outcome {
  return { kind, reason, facts };
}

function unknown(facts: BankFacts): Outcome {
  return { kind: 'unknown', reason: 'unrecognised', facts };
}
