/** A charge as the ledger keeps it: one approval of one attempt, known by the result that told of it. */
export interface ChargeRecord {
  readonly resultId: string;
  readonly attemptId: string;
  readonly amountMinor: number;
  readonly rrn: string | null;
  readonly authorisationCode: string | null;
  /** It came after its attempt had ended otherwise (design-money, clause 10). */
  readonly surfaced: boolean;
  readonly disposition: 'kept' | 'undecided' | 'returned';
  /** What was given back of it, oldest first. */
  readonly returns: readonly MadeReturn[];
}

/** One approval of a return. */
export interface MadeReturn {
  readonly resultId: string;
  readonly attemptId: string;
  readonly amountMinor: number;
  readonly rrn: string | null;
}

/** What of a charge was not given back, in minor units. */
export function leftMinor(charge: ChargeRecord): number {
  return charge.returns.reduce((left, made) => left - made.amountMinor, charge.amountMinor);
}

/** The same money told twice: equal amounts, and no two retrieval references that differ. */
export function isSameMoney(
  known: { readonly amountMinor: number; readonly rrn: string | null },
  told: { readonly amountMinor: number; readonly rrn: string | null },
): boolean {
  return known.amountMinor === told.amountMinor && (known.rrn === null || told.rrn === null || known.rrn === told.rrn);
}
