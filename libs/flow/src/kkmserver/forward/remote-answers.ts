import { commandStatuses } from '@kkm/core';
import { looseInteger, looseMember, looseObject, looseText, withoutMembers } from '../loose-members';
import type { LooseMembers } from '../loose-members';
import type { RemoteEnd } from './remote-register';

/** Where a command stands: ended as {@link RemoteEnd}, or still at work. */
export type RemoteStanding = RemoteEnd | { readonly kind: 'running' };

/** The members of the envelope: what is left is the payload. */
const envelope = ['Command', 'Status', 'Error', 'Warning', 'Message', 'MessageFrom', 'IdCommand', 'NumDevice', 'UnitName'];

const unreadable: RemoteEnd = { kind: 'lost', error: 'касса ответила непонятно' };

/** What a register's answer to a command says of it. */
export function standingOf(answer: LooseMembers): RemoteStanding {
  const error = looseText(looseMember(answer, 'Error'));
  switch (looseInteger(looseMember(answer, 'Status'))) {
    case commandStatuses.ok:
      return { kind: 'done', answer };
    case commandStatuses.run:
    case commandStatuses.notRun:
      return { kind: 'running' };
    case commandStatuses.error:
    case commandStatuses.notFound:
      return { kind: 'refused', error: error === '' ? 'касса отказала без объяснения' : error, answer };
    // It was executed before: what it came to is in the result, or has to be asked for.
    case commandStatuses.alreadyDone: {
      const result = looseObject(looseMember(answer, 'Rezult'));
      return Object.keys(result).length > 0 ? standingOf(result) : { kind: 'running' };
    }
    default:
      return unreadable;
  }
}

/** What the answer to `GetRezult` says of the command that was asked about: `unknown` is said by the outer status alone, an inner 3 is the command's own end. */
export function resultOf(answer: LooseMembers): RemoteStanding {
  const outer = looseInteger(looseMember(answer, 'Status'));
  if (outer === commandStatuses.notFound) return { kind: 'unknown' };
  const inner = looseObject(looseMember(answer, 'Rezult'));
  if (looseInteger(looseMember(inner, 'Status')) !== null) return standingOf(inner);
  return outer === commandStatuses.run || outer === commandStatuses.notRun ? { kind: 'running' } : unreadable;
}

/** What an answer holds besides the envelope and what automatic acquiring would have done there. */
export function payloadOf(answer: LooseMembers): LooseMembers {
  return withoutMembers(answer, [...envelope, 'RezultProcessing', 'Rezult']);
}

/** A text member; null when it is empty or missing. */
export function textOf(answer: LooseMembers, name: string): string | null {
  return looseText(looseMember(answer, name)) || null;
}

/** Whether a refusal is about the shift: its own code, or the word. Such a check was certainly not made. */
export function isAboutShift(error: string): boolean {
  return /\(\s*6[01]\s*:/.test(error) || /смен/i.test(error);
}
