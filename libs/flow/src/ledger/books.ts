import type { PostingWrite } from './change';
import type { PaymentRecord } from './records';

/** Where the money of a charge stands in the books. */
export type ChargeKind = 'charge' | 'surfaced-charge';

/**
 * The balanced pair of a charge: the bank owes the site what its terminal took (debit, positive), and it counts as takings (credit, negative).
 * Surfaced money waits in suspense until somebody decides about it.
 */
export function chargePostings(
  record: PaymentRecord,
  charge: { readonly resultId: string; readonly terminalId: string; readonly amountMinor: number; readonly kind: ChargeKind },
): readonly PostingWrite[] {
  const { siteId } = record.shown;
  const entryId = `${charge.kind}:${charge.resultId}`;
  const credited = charge.kind === 'charge' ? `takings:${siteId}` : `suspense:${siteId}`;
  return [
    { entryId, account: `acquirer:${siteId}:${charge.terminalId}`, amountMinor: charge.amountMinor },
    { entryId, account: credited, amountMinor: -charge.amountMinor },
  ];
}

/** The balanced pair by which surfaced money becomes takings: it leaves suspense. */
export function keptPostings(record: PaymentRecord, charge: { readonly resultId: string; readonly amountMinor: number }): readonly PostingWrite[] {
  const { siteId } = record.shown;
  const entryId = `kept-charge:${charge.resultId}`;
  return [
    { entryId, account: `suspense:${siteId}`, amountMinor: charge.amountMinor },
    { entryId, account: `takings:${siteId}`, amountMinor: -charge.amountMinor },
  ];
}

/** The balanced pair of money given back: that of its charge turned round, for the amount returned. `undecided`: the charge still stood in suspense. */
export function returnPostings(
  record: PaymentRecord,
  made: { readonly resultId: string; readonly terminalId: string; readonly amountMinor: number; readonly undecided: boolean },
): readonly PostingWrite[] {
  const { siteId } = record.shown;
  const entryId = `return:${made.resultId}`;
  return [
    { entryId, account: made.undecided ? `suspense:${siteId}` : `takings:${siteId}`, amountMinor: made.amountMinor },
    { entryId, account: `acquirer:${siteId}:${made.terminalId}`, amountMinor: -made.amountMinor },
  ];
}
