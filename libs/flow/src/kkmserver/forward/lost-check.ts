import type { CheckDocument } from '@kkm/core';
import { looseInteger, looseList, looseMember, looseObject, looseText } from '../loose-members';
import type { LooseMembers } from '../loose-members';
import { minorOf } from '../roubles';
import type { RegisterName } from '../virtual/virtual-books';
import type { BegunCommand, ForwardedChecks } from './forwarded-checks';
import type { RemoteCommands } from './remote-commands';
import type { RemoteEnd } from './remote-register';

/** What is found out about a check whose answer was lost, and of which the register's command log knows nothing. */
export type LostCheck =
  { readonly kind: 'made'; readonly document: LooseMembers; readonly number: number } | { readonly kind: 'never-made' } | { readonly kind: 'unclear' };

/** A log that is kept for less than this was not found anywhere; within it, not to be in the log is to have never arrived. */
const logMsMin = 10 * 60_000;

/** So many documents are read through at most. */
const documentsMax = 20;

/** What a lost check is looked for with. */
export interface LostCheckParts {
  readonly commands: RemoteCommands;
  readonly checks: ForwardedChecks;
  readonly register: RegisterName;
  readonly numDevice: number;
  readonly nowMs: number;
}

/**
 * Looks for a lost check among the documents that the register made since, because a log that was cleared or died with its machine knows nothing either. No new document: it never
 * arrived. One that nobody else made and that reads the same is it. One that cannot be read may be it, so then the log counts for as long as any log is kept, and not beyond.
 */
export async function findLostCheck(
  check: CheckDocument,
  facts: { readonly begun: BegunCommand; readonly numberNow: number | null },
  parts: LostCheckParts,
): Promise<LostCheck> {
  const { begun, numberNow } = facts;
  const read = (number: number): Promise<RemoteEnd> =>
    parts.commands.look({ Command: 'GetDataCheck', NumDevice: parts.numDevice, FiscalNumber: number, NumberCopies: 0 });
  if (begun.number !== null) return found(begun.number, await read(begun.number));
  const byLog: LostCheck = parts.nowMs - begun.begunAtMs < logMsMin ? { kind: 'never-made' } : { kind: 'unclear' };
  if (begun.numberBefore === null || numberNow === null || numberNow < begun.numberBefore) return byLog;
  const claimed = new Set(await parts.checks.claimed(parts.register, begun.numberBefore));
  const numbers = range(begun.numberBefore + 1, numberNow).filter((number) => !claimed.has(number));
  if (numbers.length > documentsMax) return byLog;
  let allRead = true;
  for (const number of numbers) {
    const end = await read(number);
    const document = end.kind === 'done' ? looseObject(looseMember(end.answer, 'RegisterCheck')) : {};
    if (end.kind === 'done' && reads(document, check)) return found(number, end);
    allRead &&= minorOf(looseMember(document, 'AllSumm')) !== null;
  }
  return allRead ? { kind: 'never-made' } : byLog;
}

function found(number: number, end: RemoteEnd): LostCheck {
  return { kind: 'made', number, document: end.kind === 'done' ? end.answer : {} };
}

/** Whether a document says what a check says: type, sums and lines. */
function reads(document: LooseMembers, { type, sums, goods }: CheckDocument): boolean {
  const minor = (name: string): number | null => minorOf(looseMember(document, name));
  const lines = looseList(looseMember(document, 'Register'));
  return (
    looseInteger(looseMember(document, 'CheckType')) === type &&
    minor('ElectronicPayment') === sums.electronic &&
    minor('AdvancePayment') === sums.advance &&
    minor('Credit') === sums.credit &&
    minor('CashProvision') === sums.provision &&
    lines.length === goods.length &&
    goods.every(({ name, amount }, index) => {
      const line = lines[index] ?? {};
      return minorOf(looseMember(line, 'Amount')) === amount && looseText(looseMember(line, 'Name')).trim() === name.trim();
    })
  );
}

function range(from: number, to: number): readonly number[] {
  const length = Math.min(Math.max(0, to - from + 1), documentsMax * 10);
  return Array.from({ length }, (_, index) => from + index);
}
