import { check, notChargedStatuses, unreachable } from '@kkm/core';
import type { Attempt, Payment, PaymentStatus } from '@kkm/core';
import { chargingSale } from './charge-facts';
import { acquiredBy, chargedAnswer, errorAnswer, returnedAnswer, withoutReceipt } from './command-answers';
import type { CommandRecord } from './command-store';
import { doorTexts, harmless } from './door-texts';
import type { ReceiptFailurePolicy, ReceiptOutcome } from './fiscal-register';

/**
 * What a command needs next. All but `write`, `wait` and `rest` are asked of somebody else, can be asked again after a crash, and lead to a further record.
 * - `prepare`: ask the fiscal side whether a receipt could be made, before a card is touched. `answer`: do what moves no money, and answer.
 * - `find`: which charge is to be given back. `charge`, `give-back`: ask the ledger. `receipt`: ask the fiscal register.
 */
export type Step =
  | { readonly kind: 'prepare' | 'answer' | 'find' | 'charge' | 'give-back' | 'receipt' | 'rest' }
  | { readonly kind: 'wait'; readonly payment: Payment }
  | { readonly kind: 'write'; readonly next: CommandRecord };

/** What a step's decision rests on besides the command: its payment as it is now, null while it has none. */
export interface SagaFacts {
  readonly payment: Payment | null;
  readonly nowMs: number;
}

/** A charge that has not been asked for by then is not any more: the guest has left. */
export const startWithinMs = 170_000;

/** Whether nothing more will happen to a charge by itself. */
export function isChargeEnded({ status }: Payment): boolean {
  return status === 'succeeded' || isNotCharged(status);
}

/** Decides what a command needs next. The only place where that is decided. */
export function nextStep(record: CommandRecord, facts: SagaFacts): Step {
  switch (record.stage) {
    case 'taken':
      return ofTaken(record, facts);
    case 'charging':
      return record.acquiring === 'return' ? ofReturning(record, facts) : ofCharging(record, facts);
    case 'receipting':
      return ofReceipting(record, facts);
    case 'giving_back':
      return ofGivingBack(record, facts);
    case 'done':
      return ofDone(record, facts);
    default:
      return unreachable(record.stage);
  }
}

/** The record with a change, as it is written next. A step that came further begins its tries anew; what went wrong is forgotten with the stage. */
export function changed(record: CommandRecord, change: Partial<CommandRecord>, nowMs: number): CommandRecord {
  const lastError = change.stage === undefined ? record.lastError : null;
  return { ...record, tries: 0, lastError, dueAtMs: nowMs, ...change, changedAtMs: nowMs, version: record.version + 1 };
}

/** The same step again, later: it came to nothing. A command that gives back keeps saying why its receipt failed. */
export function later(record: CommandRecord, error: string, nowMs: number): CommandRecord {
  const tries = record.tries + 1;
  const lastError = record.stage === 'giving_back' ? (record.lastError ?? error) : error;
  return changed(record, { tries, lastError, dueAtMs: nowMs + pauseMs(record.stage, tries) }, nowMs);
}

/** Pauses between tries: from 1 s, twice as long each time, for ever; at most 5 min, and 10 s while a guest may be waiting to pay. */
function pauseMs(stage: CommandRecord['stage'], tries: number): number {
  const longestMs = stage === 'taken' || stage === 'charging' ? 10_000 : 300_000;
  return Math.min(1_000 * 2 ** Math.min(tries - 1, 20), longestMs);
}

/** The end of a command with an answer. */
export function ended(record: CommandRecord, end: Pick<CommandRecord, 'answer'> & Partial<CommandRecord>, nowMs: number): CommandRecord {
  return changed(record, { follows: false, ...end, stage: 'done' }, nowMs);
}

/** What the answer of the fiscal register, or its silence, makes of a command. */
export function afterReceipt(
  record: CommandRecord,
  answer: Exclude<ReceiptOutcome, { kind: 'made' }>,
  around: SagaFacts & { readonly policy: ReceiptFailurePolicy },
): CommandRecord {
  const { nowMs, payment, policy } = around;
  // Silence is no refusal: the register is asked again under the same key.
  if (answer.kind === 'unknown') return later(record, answer.error, nowMs);
  if (record.acquiring === null || !payment) return ended(record, { answer: errorAnswer(record.unit, answer.error) }, nowMs);
  if (record.acquiring === 'charge' && policy === 'void')
    return changed(record, { stage: 'giving_back', lastError: answer.error, returnAttemptId: null }, nowMs);
  const refused = later(record, answer.error, nowMs);
  return { ...refused, refusals: record.refusals + 1, answer: outstandingAnswer(record, payment, answer.error) };
}

/** What a return came to; null while it is open or in doubt. A void that the terminal refuses is followed by a refund of the same money. */
export function endOfReturn(payment: Payment, attemptId: string): { readonly attempt: Attempt; readonly given: boolean } | null {
  const asked = payment.attempts.find(({ id }) => id === attemptId);
  if (!asked || asked.finishedAt === null) return null;
  if (asked.status === 'approved') return { attempt: asked, given: true };
  const instead = payment.attempts.find(
    ({ operation, number, amount }) => asked.operation === 'void' && operation === 'refund' && number > asked.number && amount === asked.amount,
  );
  if (!instead) return { attempt: asked, given: false };
  return instead.finishedAt === null ? null : { attempt: instead, given: instead.status === 'approved' };
}

function ofTaken(record: CommandRecord, { nowMs }: SagaFacts): Step {
  const { wish } = record.command;
  if (record.acquiring === null) return wish.kind === 'RegisterCheck' ? write(changed(record, { stage: 'receipting' }, nowMs)) : { kind: 'answer' };
  if (isTooLate(record, nowMs)) return write(ended(record, { answer: errorAnswer(record.unit, doorTexts.startedTooLate) }, nowMs));
  return wish.kind === 'RegisterCheck' ? { kind: 'prepare' } : write(changed(record, { stage: 'charging' }, nowMs));
}

/** Whether the guest of a charge that was not asked for has left. */
export function isTooLate(record: CommandRecord, nowMs: number): boolean {
  return record.acquiring === 'charge' && record.paymentId === null && nowMs - record.takenAtMs > startWithinMs;
}

function ofCharging(record: CommandRecord, { payment, nowMs }: SagaFacts): Step {
  if (!payment) return { kind: 'charge' };
  if (!isChargeEnded(payment)) return { kind: 'wait', payment };
  if (isNotCharged(payment.status)) return write(ended(record, { answer: declined(record, payment), follows: true }, nowMs));
  return afterCharge(record, payment, nowMs);
}

function ofReturning(record: CommandRecord, { payment, nowMs }: SagaFacts): Step {
  if (!payment) return { kind: 'find' };
  if (record.returnAttemptId === null) return { kind: 'give-back' };
  const end = endOfReturn(payment, record.returnAttemptId);
  if (!end) return { kind: 'wait', payment };
  if (!end.given) return write(ended(record, { answer: errorAnswer(record.unit, doorTexts.returnRefused(end.attempt)) }, nowMs));
  if (record.command.wish.kind === 'RegisterCheck') return write(changed(record, { stage: 'receipting' }, nowMs));
  return write(ended(record, { answer: returnedAnswer(record, payment, end.attempt) }, nowMs));
}

function ofReceipting(record: CommandRecord, { payment, nowMs }: SagaFacts): Step {
  check(record.acquiring === null || payment, 'what has moved money has its payment');
  if (record.acquiring === 'charge' && payment && isGivenBack(payment)) return write(ended(record, { answer: givenBack(record, payment) }, nowMs));
  return { kind: 'receipt' };
}

function ofGivingBack(record: CommandRecord, { payment, nowMs }: SagaFacts): Step {
  check(payment, 'what is given back has its payment');
  if (isGivenBack(payment)) return write(ended(record, { answer: givenBack(record, payment) }, nowMs));
  if (record.returnAttemptId === null) return { kind: 'give-back' };
  const end = endOfReturn(payment, record.returnAttemptId);
  if (!end) return { kind: 'wait', payment };
  const again = { returnAttemptId: null, refusals: record.refusals + 1 };
  return write(end.given ? changed(record, again, nowMs) : { ...notGivenBack(record, payment, nowMs), ...again });
}

function ofDone(record: CommandRecord, { payment, nowMs }: SagaFacts): Step {
  if (!record.follows || payment?.status !== 'succeeded') return { kind: 'rest' };
  // It was charged and is with the guest again: the answer stands, nothing was sold.
  if (isGivenBack(payment)) return write(changed(record, { follows: false }, nowMs));
  return afterCharge({ ...record, follows: false }, payment, nowMs);
}

function afterCharge(record: CommandRecord, payment: Payment, nowMs: number): Step {
  if (record.command.wish.kind === 'RegisterCheck') return write(changed(record, { stage: 'receipting' }, nowMs));
  return write(ended(record, { answer: chargedAnswer(record, payment) }, nowMs));
}

/** A giving back that was refused: asked for again after a pause, and the client told meanwhile. */
function notGivenBack(record: CommandRecord, payment: Payment, nowMs: number): CommandRecord {
  const why = harmless(record.lastError ?? '');
  const left = payment.chargedAmount - payment.refundedAmount;
  const answer = withoutReceiptAnswer(record, payment, doorTexts.notGivenBackYet(left, why));
  return { ...later(record, record.lastError ?? '', nowMs), answer };
}

function declined(record: CommandRecord, payment: Payment): CommandRecord['answer'] {
  const sale = payment.attempts.findLast(({ operation }) => operation === 'sale');
  return errorAnswer(record.unit, sale ? doorTexts.notCharged(sale) : doorTexts.startedTooLate);
}

function givenBack(record: CommandRecord, payment: Payment): CommandRecord['answer'] {
  return errorAnswer(record.unit, doorTexts.givenBack(payment.chargedAmount, harmless(record.lastError ?? '')));
}

function outstandingAnswer(record: CommandRecord, payment: Payment, error: string): CommandRecord['answer'] {
  const why = harmless(error);
  const text = record.acquiring === 'return' ? doorTexts.returnedWithoutReceipt(why) : doorTexts.chargedWithoutReceipt(payment.chargedAmount, why);
  return withoutReceiptAnswer(record, payment, text);
}

function withoutReceiptAnswer(record: CommandRecord, payment: Payment, text: string): CommandRecord['answer'] {
  const returned = record.returnAttemptId === null ? null : (endOfReturn(payment, record.returnAttemptId)?.attempt ?? null);
  const acquired = acquiredBy(record, payment, returned);
  return acquired ? withoutReceipt(record, acquired, text) : errorAnswer(record.unit, text);
}

/** What a check's receipt cannot say, because the bank took another sum than the check holds; null when it can. */
export function sumHindrance(record: CommandRecord, payment: Payment | null): string | null {
  if (record.acquiring !== 'charge' || !payment || !chargingSale(payment)) return null;
  const left = payment.chargedAmount - payment.refundedAmount;
  return left === record.chargeAmount ? null : doorTexts.partlyCharged(left, record.chargeAmount ?? 0);
}

function isGivenBack({ chargedAmount, refundedAmount }: Payment): boolean {
  return chargedAmount > 0 && refundedAmount >= chargedAmount;
}

function isNotCharged(status: PaymentStatus): boolean {
  return (notChargedStatuses as readonly PaymentStatus[]).includes(status);
}

function write(next: CommandRecord): Step {
  return { kind: 'write', next };
}
