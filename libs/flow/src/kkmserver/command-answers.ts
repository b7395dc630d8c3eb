import { commandStatuses } from '@kkm/core';
import type { Attempt, KkmAnswer, Payment } from '@kkm/core';
import { chargeFacts, chargingSale } from './charge-facts';
import type { ToldCharge } from './charge-facts';
import type { CommandRecord } from './command-store';
import { doorTexts, harmless } from './door-texts';
import type { ReceiptOutcome } from './fiscal-register';

/** The unit that an answer names. */
export type NamedUnit = CommandRecord['unit'];

/** An answer without a payload. */
export function emptyAnswer(unit: NamedUnit, status: KkmAnswer['status'] = commandStatuses.ok): KkmAnswer {
  return { status, error: '', message: null, warning: null, numDevice: unit?.numDevice ?? null, unitName: unit?.unitName ?? null, payload: {} };
}

/** While a command is at work. Never 4: clients take that for an end. */
export function runningAnswer(unit: NamedUnit): KkmAnswer {
  return emptyAnswer(unit, commandStatuses.run);
}

/** A success with a payload. */
export function okAnswer(unit: NamedUnit, payload: KkmAnswer['payload']): KkmAnswer {
  return { ...emptyAnswer(unit), payload };
}

/** An error of KKM's own, in a text of {@link doorTexts}. */
export function errorAnswer(unit: NamedUnit, error: string, payload: KkmAnswer['payload'] = {}): KkmAnswer {
  return { ...emptyAnswer(unit, commandStatuses.error), error, payload };
}

/** The unit that a command named does not exist or is switched off. */
export function notFoundAnswer(numDevice: number): KkmAnswer {
  return { ...emptyAnswer(null, commandStatuses.notFound), error: doorTexts.unitNotFound(numDevice) };
}

/** A payment command that charged. */
export function chargedAnswer(record: CommandRecord, payment: Payment): KkmAnswer {
  return okAnswer(record.unit, paidFacts(record, payment));
}

/** A return that went through. */
export function returnedAnswer(record: CommandRecord, payment: Payment, attempt: Attempt): KkmAnswer {
  return okAnswer(record.unit, chargeFacts({ payment, attempt, receiptNumber: record.receiptNumber, amountMinor: attempt.amount }));
}

/** A check whose receipt was made; where automatic acquiring ran, with what it did. */
export function checkAnswer(record: CommandRecord, acquired: Acquired | null, made: Extract<ReceiptOutcome, { kind: 'made' }>): KkmAnswer {
  const warning = made.warning === null ? null : harmless(made.warning);
  return { ...okAnswer(record.unit, { ...made.payload, ...acquiredPayload(record, acquired) }), warning };
}

/** Money moved, and its receipt is not made: what the client needs to give it back is told all the same. */
export function withoutReceipt(record: CommandRecord, acquired: Acquired, error: string): KkmAnswer {
  return errorAnswer(record.unit, error, acquiredPayload(record, acquired));
}

/** What automatic acquiring did: the payment, and the attempt of the charge or return. */
export interface Acquired {
  readonly payment: Payment;
  readonly attempt: Attempt;
}

/** What automatic acquiring did for a check; null where its attempt is not known. */
export function acquiredBy(record: CommandRecord, payment: Payment | null, returned: Attempt | null): Acquired | null {
  if (record.acquiring === null || !payment) return null;
  const attempt = record.acquiring === 'charge' ? chargingSale(payment) : returned;
  return attempt && { payment, attempt };
}

function acquiredPayload(record: CommandRecord, acquired: Acquired | null): KkmAnswer['payload'] {
  if (!acquired) return {};
  const { payment, attempt } = acquired;
  const isReturn = record.acquiring === 'return';
  const amountMinor = isReturn ? attempt.amount : payment.chargedAmount;
  const facts = chargeFacts({ payment, attempt, receiptNumber: record.receiptNumber, amountMinor });
  const { UniversalID, Amount, Slip } = facts;
  return { UniversalID, Amount, Slip, RezultProcessing: rezultProcessing(record, { payment, attempt, receiptNumber: record.receiptNumber, amountMinor }) };
}

/** The object that club clients read RRN and authorisation code from (KkmServer facts, section 9.2). */
function rezultProcessing(record: CommandRecord, told: ToldCharge): KkmAnswer['payload'] {
  const { attempt } = told;
  return {
    ...chargeFacts(told),
    ...(attempt.bankTerminalId === null ? {} : { TerminalID: attempt.bankTerminalId }),
    ...(attempt.finishedAt === null ? {} : { TransDate: attempt.finishedAt.slice(0, 19) }),
    PrintSlipOnTerminal: false,
    Command: record.acquiring === 'charge' ? 'PayByPaymentCard' : 'ReturnPaymentByPaymentCard',
    Error: '',
    Status: commandStatuses.ok,
    IdCommand: record.idCommand,
  };
}

function paidFacts(record: CommandRecord, payment: Payment): KkmAnswer['payload'] {
  const attempt = chargingSale(payment);
  if (!attempt) return {};
  return chargeFacts({ payment, attempt, receiptNumber: record.receiptNumber, amountMinor: payment.chargedAmount });
}
