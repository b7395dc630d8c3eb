import type { SbpBankName } from '@kkm/core';

/** A site's contract with a bank, secret included: it is held in memory only, and printed nowhere. */
export interface BankContract {
  readonly bank: SbpBankName;
  /** Origin and path prefix of the bank's interface. */
  readonly baseUrl: string;
  readonly merchantId: string;
  readonly secret: string;
}
