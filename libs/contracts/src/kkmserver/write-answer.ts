import { commandStatuses } from '@kkm/core';
import type { CommandStatus, KkmAnswer } from '@kkm/core';
import { doorText } from './door-texts';

/** Whose answer it is: the command's name as it was asked, and the id that its client may ask by. */
export interface AnsweredCommand {
  readonly name: string;
  /** As the client sent it; null when it sent none. */
  readonly idCommand: string | null;
  /** As KKM keeps it, made by KKM where the client sent none. */
  readonly keptAs: string;
}

/** An answer as it is sent. The order of its members is that of recorded answers: payload, then the envelope. */
export type WrittenAnswer = Readonly<Record<string, unknown>>;

/** Writes the answer of a command. One that still runs always names an id by which it can be asked for. */
export function writeAnswer(command: AnsweredCommand, answer: KkmAnswer): WrittenAnswer {
  const idCommand = command.idCommand ?? (isRunning(answer.status) ? command.keptAs : '');
  return written(command.name, idCommand, answer);
}

/** Writes the answer to a request from which no command came. */
export function writeRefusal(request: { readonly name: string; readonly idCommand: string; readonly error: string }): WrittenAnswer {
  return written(request.name, request.idCommand, { ...nothing, status: commandStatuses.error, error: request.error });
}

/** Writes the answer where nobody can say what becomes of the command: never an error, which clients take for "not charged". */
export function writeUncertain(request: { readonly name: string; readonly idCommand: string; readonly error: string }): WrittenAnswer {
  const answer = { ...nothing, status: commandStatuses.run, error: request.error };
  const inner = request.name === getRezult ? { Rezult: written('', request.idCommand, answer) } : {};
  return written(request.name, request.idCommand, { ...answer, payload: inner });
}

/**
 * Writes the answer to `GetRezult`. Clients differ in what they look at: some at the outer status and payload, some inside `Rezult`; some poll on with the outer id,
 * one polls without a pause while `Rezult` is missing. This shape serves them all.
 */
export function writeResult(asked: string, found: { readonly command: AnsweredCommand; readonly answer: KkmAnswer } | null): WrittenAnswer {
  if (!found) {
    const unknown = { ...nothing, status: commandStatuses.notFound, error: doorText('resultUnknown') };
    return written(getRezult, asked, { ...unknown, payload: { Rezult: written('', asked, unknown) } });
  }
  const { command, answer } = found;
  const inner = written(command.name, command.idCommand ?? command.keptAs, answer);
  if (isRunning(answer.status)) return written(getRezult, asked, { ...nothing, status: answer.status, payload: { Rezult: inner } });
  if (answer.status !== commandStatuses.ok)
    return written(getRezult, '', { ...nothing, status: commandStatuses.error, error: answer.error, payload: { Rezult: inner } });
  return written(getRezult, '', { ...answer, numDevice: null, unitName: null, payload: { ...respelled(command.name, answer.payload), Rezult: inner } });
}

const getRezult = 'GetRezult';

const nothing: KkmAnswer = { status: commandStatuses.ok, error: '', message: null, warning: null, numDevice: null, unitName: null, payload: {} };

function isRunning(status: CommandStatus): boolean {
  return status === commandStatuses.run || status === commandStatuses.notRun;
}

function written(name: string, idCommand: string, answer: KkmAnswer): WrittenAnswer {
  return {
    ...withoutNulls(respelled(name, answer.payload)),
    Command: name,
    Error: answer.error,
    ...withoutNulls({ Warning: answer.warning || null, Message: answer.message || null }),
    Status: answer.status,
    IdCommand: idCommand,
    ...withoutNulls({ NumDevice: answer.numDevice, UnitName: answer.unitName }),
  };
}

/** What does not apply is left out, at every depth. */
function withoutNulls(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const present = Object.entries(members).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, deeply(value)]));
}

function deeply(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deeply);
  return typeof value === 'object' && value !== null ? withoutNulls(value as Record<string, unknown>) : value;
}

/** `GetСounters` with a Cyrillic С gets its counters so spelled as well. */
function respelled(name: string, payload: KkmAnswer['payload']): KkmAnswer['payload'] {
  if (!name.includes('С')) return payload;
  return Object.fromEntries(Object.entries(payload).map(([member, value]) => [cyrillic(member), Array.isArray(value) ? value.map(respelledItem) : value]));
}

function respelledItem(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).map(([member, value]: [string, unknown]) => [cyrillic(member), value]));
}

function cyrillic(member: string): string {
  return member.replace(/^Counters/, 'Сounters');
}
