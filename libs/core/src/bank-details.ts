/** What the bank knows a terminal by, as the contract with the bank says it. Nothing of it is needed to charge; reports go by the settlement account. */
export interface BankIdentity {
  /** The terminal's number at the bank, as it prints it on its slips. */
  readonly terminalId: string | null;
  /** The bank's number of the merchant. */
  readonly merchantId: string | null;
  /** Whom the money belongs to: one club may have several entities. */
  readonly legalEntity: { readonly name: string; readonly inn: string | null } | null;
  /** Where the bank pays the money to. */
  readonly settlementAccount: { readonly number: string; readonly bik: string | null } | null;
}

/** A terminal whose contract with the bank nobody has written down. */
export const noBankIdentity: BankIdentity = { terminalId: null, merchantId: null, legalEntity: null, settlementAccount: null };

/** Whether a terminal told another number than the one that is set. Zeros in front are printed by some terminals and left out by others. */
export function isOtherBankTerminal(set: string | null, told: string | null): boolean {
  const plain = (id: string): string => id.trim().toUpperCase().replace(/^0+/, '');
  return set !== null && told !== null && plain(set) !== plain(told);
}

/** Weights of the one check digit of an organisation's number, and of the two of a person's (order ED-7-14/559 of the tax service). */
const innWeights: Readonly<Record<number, readonly (readonly number[])[]>> = {
  10: [[2, 4, 10, 3, 5, 9, 4, 6, 8]],
  12: [
    [7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
    [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
  ],
};

/** Whether a text is a taxpayer's number (INN): 10 digits of an organisation or 12 of a person, with right check digits. */
export function isInn(text: string): boolean {
  const weights = /^\d+$/.test(text) ? innWeights[text.length] : undefined;
  return weights !== undefined && weights.every((row) => (weighted(text, row) % 11) % 10 === Number(text[row.length]));
}

/** Whether the key digit of a 20-digit account fits the bank with this BIK (the central bank's order of 8.9.1997 on the key of an account). */
export function accountFitsBik(account: string, bik: string): boolean {
  // Accounts that the central bank keeps itself are counted with the number of its branch.
  const isCentral = /^00[0-2]$/.test(bik.slice(-3));
  const counted = `${isCentral ? `0${bik.slice(4, 6)}` : bik.slice(-3)}${account}`;
  const sum = [...counted].reduce((total, digit, at) => total + ((Number(digit) * ([7, 1, 3][at % 3] ?? 0)) % 10), 0);
  return sum % 10 === 0;
}

function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}
