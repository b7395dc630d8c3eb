import { isRedoable, paymentStatus } from '@kkm/core';
import { newSale } from './new-attempt';
import { nextNumber, openSaleOf, timeText } from './records';
import type { AttemptRecord, PaymentRecord, QrRecord } from './records';
import type { LedgerSurroundings } from './surroundings';

/** How long the attempt that follows may wait for its terminal, seconds: as long as one that is opened. */
const followerExpiresInSeconds = 180;

/** By which method a payment goes on, and by which QR where it does so by a bank's. */
interface Follower {
  readonly method: 'card' | 'sbp_qr';
  readonly qr: QrRecord | null;
}

/**
 * What a payment whose guest wants to pay the other way comes to as its running attempt ends (design-money, clause 20): proved uncharged, it goes on with
 * the next attempt; charged, or with money in suspense, with none, and the charge is kept. Every change passes through here, so no end forgets it, and none is
 * followed while a sale is open. `running`: the sale that was open before the change.
 */
export function followSwitch(
  record: PaymentRecord,
  running: AttemptRecord | null,
  around: LedgerSurroundings,
): { readonly record: PaymentRecord; readonly added: AttemptRecord | null } {
  const { shown, surfacedUndecided } = record;
  const follower = openSaleOf(record) ? null : followerOf(record, running);
  if (!follower) return { record, added: null };
  // Nobody asked to stop the payment: a charge that came first is wanted, and no site's policy gives it back.
  const cancelRequested = shown.cancelRequested === 'too_late' ? null : shown.cancelRequested;
  const over: PaymentRecord = { ...record, switchQr: null, shown: { ...shown, switchTo: null, cancelRequested } };
  if (!isRedoable({ status: shown.status, closed: shown.closedAt !== null, surfacedUndecided: surfacedUndecided > 0 })) return { record: over, added: null };
  const { terminalId, amount } = shown;
  const path = { ...follower, moneyPath: follower.qr ? 'bank_qr' : 'terminal' } as const;
  // The terminal is the same; what its settings say by now concerns payments opened later.
  const bank = record.attempts.findLast((attempt) => attempt.shown.operation === 'sale' && attempt.moneyPath === 'terminal')?.shown.bank ?? null;
  const asked = { ...path, number: nextNumber(record), terminalId, bank, amount, expiresInSeconds: followerExpiresInSeconds, ledgerSends: true };
  const added = newSale(asked, around);
  const attempts = [...record.attempts, added];
  const status = paymentStatus(
    attempts.map((attempt) => attempt.shown),
    shown.chargedAmount,
  );
  return { record: { ...over, attempts, shown: { ...over.shown, status, cancelRequested: null, expiresAt: timeText(added.expiresAtMs) } }, added };
}

/** What follows: as the cashier said; else as the guest's cancel key says, where the terminal gives it that meaning. Null: nothing. */
function followerOf(record: PaymentRecord, running: AttemptRecord | null): Follower | null {
  const { switchTo } = record.shown;
  return switchTo === null ? guestsFollower(record, running) : { method: switchTo, qr: record.switchQr };
}

/** A cancel that somebody else asked for wins. Each way is open to the guest once, so that a key held down ends the payment. */
function guestsFollower({ shown, guestQr, attempts }: PaymentRecord, running: AttemptRecord | null): Follower | null {
  if (!running || !guestQr || shown.method !== 'card_or_sbp_qr' || shown.cancelRequested !== null) return null;
  const sales = attempts.filter((attempt) => attempt.shown.operation === 'sale');
  const ended = sales.at(-1);
  if (ended?.shown.id !== running.shown.id || !isLeftByGuest(ended)) return null;
  const method = ended.shown.method === 'card' ? 'sbp_qr' : 'card';
  const isUsed = sales.some((sale, index) => index > 0 && sale.ledgerSends && sale.shown.method === method && isLeftByGuest(sales[index - 1]));
  return isUsed ? null : { method, qr: method === 'sbp_qr' ? guestQr : null };
}

function isLeftByGuest(sale: AttemptRecord | undefined): boolean {
  return sale?.shown.status === 'cancelled' && sale.shown.reason === 'customer_cancelled';
}
