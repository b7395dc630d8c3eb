import { isRedoable, paymentStatus } from '@kkm/core';
import { newSale } from './new-attempt';
import { nextNumber, openSaleOf, timeText } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import type { LedgerSurroundings } from './surroundings';

/** How long the attempt that follows may wait for its terminal, seconds: as long as one that is opened. */
const followerExpiresInSeconds = 180;

/**
 * What a payment whose guest wants to pay the other way comes to as its running attempt ends (design-money, clause 20): proved uncharged, it goes on with
 * the next attempt; charged, or with money in suspense, with none, and the charge is kept. Every change passes through here, so no end forgets it, and none is followed while a sale is open.
 */
export function followSwitch(record: PaymentRecord, around: LedgerSurroundings): { readonly record: PaymentRecord; readonly added: AttemptRecord | null } {
  const { shown, switchQr, surfacedUndecided } = record;
  if (shown.switchTo === null || openSaleOf(record)) return { record, added: null };
  // Nobody asked to stop the payment: a charge that came first is wanted, and no site's policy gives it back.
  const cancelRequested = shown.cancelRequested === 'too_late' ? null : shown.cancelRequested;
  const over: PaymentRecord = { ...record, switchQr: null, shown: { ...shown, switchTo: null, cancelRequested } };
  if (!isRedoable({ status: shown.status, closed: shown.closedAt !== null, surfacedUndecided: surfacedUndecided > 0 })) return { record: over, added: null };
  const { terminalId, amount } = shown;
  const path = { method: shown.switchTo, moneyPath: switchQr ? 'bank_qr' : 'terminal', qr: switchQr } as const;
  const asked = { ...path, number: nextNumber(record), terminalId, amount, expiresInSeconds: followerExpiresInSeconds, ledgerSends: true };
  const added = newSale(asked, around);
  const attempts = [...record.attempts, added];
  const status = paymentStatus(
    attempts.map((attempt) => attempt.shown),
    shown.chargedAmount,
  );
  return { record: { ...over, attempts, shown: { ...over.shown, status, cancelRequested: null, expiresAt: timeText(added.expiresAtMs) } }, added };
}
