import type { Attempt, Payment } from '@kkm/core';

/** What the bank said of a charge or return, as KkmServer's answers carry it: the trio of now and the fields of earlier clients. Roubles. */
export type ChargeFacts = Readonly<Record<'UniversalID' | 'Slip' | 'CardNumber' | 'ReceiptNumber' | 'RRNCode' | 'AuthorizationCode', string>> & {
  readonly Amount: number;
};

/** What facts are told of. */
export interface ToldCharge {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly receiptNumber: string | null;
  readonly amountMinor: number;
}

/** The sale attempt that charged a payment: the approved one; else the one whose money surfaced and was kept, under the number it surfaced with; else the newest. */
export function chargingSale(payment: Payment): Attempt | null {
  const sales = payment.attempts.filter(({ operation }) => operation === 'sale');
  const approved = sales.findLast(({ status }) => status === 'approved');
  if (approved) return approved;
  const kept = payment.surfaced.findLast(({ disposition }) => disposition === 'kept');
  const surfaced = sales.find(({ id }) => id === kept?.attemptId);
  return surfaced ? { ...surfaced, rrn: kept?.rrn ?? null } : (sales.at(-1) ?? null);
}

/**
 * Where the bank gave no number of its own the payment's id stands for it, so that every charge can be named by its answer alone. A value holds neither `:` nor
 * `;`: clients take the UniversalID apart by them.
 */
export function chargeFacts({ payment, attempt, receiptNumber, amountMinor }: ToldCharge): ChargeFacts {
  const sale = chargingSale(payment);
  const card = plain(attempt.card?.maskedPan || sale?.card?.maskedPan || '');
  const rrn = plain(attempt.rrn ?? payment.id);
  const authorisation = plain(attempt.authorisationCode ?? '');
  const receipt = plain(receiptNumber ?? '');
  return {
    UniversalID: `CN:${card};RN:${receipt};RRN:${rrn};AC:${authorisation}`,
    Amount: roublesOf(amountMinor),
    Slip: slipText(attempt.slip ?? ''),
    CardNumber: card,
    ReceiptNumber: receipt,
    RRNCode: rrn,
    AuthorizationCode: authorisation,
  };
}

/** Minor units as the decimal roubles of an answer. */
export function roublesOf(minor: number): number {
  return minor / 100;
}

/** A slip as KkmServer sends it: lines end in CRLF. */
export function slipText(slip: string): string {
  return slip.replace(/\r\n|\r|\n/g, '\r\n');
}

/** A payment's id where it stands for a number that the bank did not give. */
export function paymentIdIn(rrn: string): string | null {
  return /^pay_[0-9a-z]{26}$/.test(rrn) ? rrn : null;
}

function plain(value: string): string {
  return value.replace(/[:;\p{Cc}]/gu, ' ').trim();
}
