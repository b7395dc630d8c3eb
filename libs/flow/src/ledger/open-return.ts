import { check } from '@kkm/core';
import type { Wanted } from './change';
import { leftMinor } from './charges';
import type { ChargeRecord } from './charges';
import { newAttempt } from './new-attempt';
import { attemptOf, nextNumber, openReturnOf, openSaleOf } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { returnTimes } from './surroundings';
import type { LedgerSurroundings } from './surroundings';

/** A terminal's day, by which its bank settles: that of Moscow (UTC+3, without summer time), where the acquirers of all sites keep their books. */
const bankDayOffsetMs = 3 * 3_600_000;
const dayMs = 24 * 3_600_000;

/** A return somebody wants: of which charge, how much, and how. A void or reversal gives the whole charge back. */
export interface WantedReturn {
  readonly charge: ChargeRecord;
  readonly operation: 'void' | 'refund' | 'reversal';
  readonly amountMinor: number;
  readonly expiresInSeconds: number;
}

/**
 * Why a charge cannot be given back now. `busy`: an attempt of the payment is open or in doubt. `too-much`: not so much is left of the charge.
 * `no-reference`: the bank's number of the charge is not known, so nothing could name it. `elsewhere`: a void or reversal is
 * the terminal's, and its money moved through a bank. `reversed-before`: one reversal of a sale is all there ever is (design-money, clause 7).
 */
export type ReturnHindrance = 'busy' | 'too-much' | 'no-reference' | 'elsewhere' | 'reversed-before';

/** What stands in the way of a return; null when nothing does. */
export function returnHindrance(record: PaymentRecord, { charge, operation, amountMinor }: Omit<WantedReturn, 'expiresInSeconds'>): ReturnHindrance | null {
  if (openSaleOf(record) || openReturnOf(record)) return 'busy';
  if (operation !== 'refund' && attemptOf(record, charge.attemptId).moneyPath !== 'terminal') return 'elsewhere';
  if (charge.rrn === null) return 'no-reference';
  const left = leftMinor(charge);
  const fits = operation === 'refund' ? amountMinor <= left : amountMinor === charge.amountMinor && left === charge.amountMinor;
  if (!fits) return 'too-much';
  const reversed = record.attempts.some(({ shown, original }) => shown.operation === 'reversal' && original?.attemptId === charge.attemptId);
  return operation === 'reversal' && reversed ? 'reversed-before' : null;
}

/** What opens a return that nothing hinders: an attempt where the money was taken, at a terminal or a bank, counted as pending until its end. Whoever asks adds a key. */
export function openReturn(record: PaymentRecord, wanted: WantedReturn, around: LedgerSurroundings): Wanted & { readonly added: AttemptRecord } {
  const { charge, operation, amountMinor, expiresInSeconds } = wanted;
  const hindrance = returnHindrance(record, wanted);
  check(hindrance === null && charge.rrn !== null, `nothing hinders the return: ${hindrance ?? ''}`);
  const sale = attemptOf(record, charge.attemptId);
  const { moneyPath } = sale;
  const { method, terminalId, bank } = sale.shown;
  const seconds = moneyPath === 'bank_qr' ? returnTimes.bankExpiresInSeconds : expiresInSeconds;
  const asked = { number: nextNumber(record), operation, method, moneyPath, terminalId, bank, amount: amountMinor, expiresInSeconds: seconds };
  const attempt = newAttempt(asked, around);
  const original = { attemptId: charge.attemptId, chargeResultId: charge.resultId, rrn: charge.rrn, authorisationCode: charge.authorisationCode };
  return { added: { ...attempt, original }, silent: true, money: { refundPendingMinor: record.refundPendingMinor + amountMinor } };
}

/**
 * How money that somebody wants back is given back. A terminal undoes a whole charge of the same day by a void, which costs nothing and is with the guest at
 * once; what is settled, or less than the whole, it refunds. A bank refunds. The permit came before the charge, so one of today proves a charge of today.
 */
export function requestedOperation(
  record: PaymentRecord,
  { charge, amountMinor }: Pick<WantedReturn, 'charge' | 'amountMinor'>,
  nowMs: number,
): 'void' | 'refund' {
  const { moneyPath, permit } = attemptOf(record, charge.attemptId);
  return moneyPath === 'terminal' && amountMinor === charge.amountMinor && permit !== null && bankDay(permit.grantedAtMs) === bankDay(nowMs)
    ? 'void'
    : 'refund';
}

function bankDay(ms: number): number {
  return Math.floor((ms + bankDayOffsetMs) / dayMs);
}
