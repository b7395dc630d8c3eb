import type { TerminalRequest } from '@kkm/core';
import { equalBytes } from '@kkm/wire';
import type { Message } from './fields';
import { decodeFields, fieldNumbers as f, identifierOf, message, textOf } from './fields';
import type { InpasProfile } from './profile';
import { terminalReference } from './reference';
import { isFinancial, operationCodeOf, subOperationOf, userCommands } from './requests';

/** What a whole message with a good CRC turns out to be. */
export type Recognised =
  /** Vending frames without field 25, damaged content, answers to nothing: acknowledge and forget. */
  | { readonly kind: 'ignorable' }
  | { readonly kind: 'wait' }
  /** The terminal wants the register to be its modem; `reply` refuses. */
  | { readonly kind: 'relay'; readonly reply: Message }
  /** The last stored result again: acknowledge and forget. */
  | { readonly kind: 'repetition' }
  | { readonly kind: 'answer'; readonly fields: Message }
  /** A result of a financial operation that answers nothing asked here: never acknowledged, never adopted. */
  | { readonly kind: 'stray-money'; readonly operation: string };

/** What recognition depends on. */
export interface Expectation {
  readonly profile: InpasProfile;
  /** The request whose answer is awaited; null when none was sent. */
  readonly request: TerminalRequest | null;
  /** The terminal acknowledged the request. */
  readonly accepted: boolean;
  /** The last financial result that was stored and acknowledged on this connection. */
  readonly settled: Uint8Array | null;
}

/** Decides what a message is. */
export function recognise(data: Uint8Array, expectation: Expectation): Recognised {
  const { profile, request } = expectation;
  const fields = decodeFields(data);
  const operation = fields && textOf(fields, f.operation)?.trim();
  if (!fields || !operation) return { kind: 'ignorable' };
  if (operation === profile.operations.wait) return { kind: 'wait' };
  const relay = relayReply(fields, operation, profile);
  if (relay) return { kind: 'relay', reply: relay };
  if (isRepetition(data, fields, expectation)) return { kind: 'repetition' };
  if (request && answers(fields, operation, request, expectation)) return { kind: 'answer', fields };
  return isMoney(operation, profile) ? { kind: 'stray-money', operation } : { kind: 'ignorable' };
}

function relayReply(fields: Message, operation: string, profile: InpasProfile): Message | null {
  const sub = textOf(fields, f.subOperation)?.trim();
  const asks = operation === profile.operations.user && (sub === userCommands.network || sub === userCommands.networkData);
  return asks
    ? message([
        [f.operation, operation],
        [f.subOperation, sub],
        [f.commandResult, '1'],
      ])
    : null;
}

/**
 * A terminal sends a result again when it missed the acknowledgement: byte for byte, or at least with the same RRN, approval and time.
 * Without an RRN (a decline, an unread card) a further answer may look the same to the last byte; once the terminal accepted a new request, such a frame is that request's answer.
 */
function isRepetition(data: Uint8Array, fields: Message, { settled, accepted }: Expectation): boolean {
  if (!settled) return false;
  if (textOf(fields, f.rrn) === null) return !accepted && equalBytes(settled, data);
  const before = decodeFields(settled);
  return before !== null && [f.operation, f.rrn, f.authorisationCode, f.terminalTime].every((number) => textOf(before, number) === textOf(fields, number));
}

/** Before the ACK only a result that names our reference is believed: anything else may be a leftover of an earlier operation. */
function answers(fields: Message, operation: string, request: TerminalRequest, { profile, accepted }: Expectation): boolean {
  if (operation !== operationCodeOf(request, profile)) return false;
  if (isFinancial(request)) {
    const reference = identifierOf(fields, f.reference);
    return reference === null ? accepted : reference === terminalReference(request.reference);
  }
  const sub = subOperationOf(request);
  return sub === null || textOf(fields, f.subOperation)?.trim() === sub;
}

function isMoney(operation: string, profile: InpasProfile): boolean {
  const { sale, void: voided, refund, reversal } = profile.operations;
  return [sale, voided, refund, reversal, ...(profile.sbp.by === 'terminal' ? [profile.sbp.operation] : [])].includes(operation);
}
