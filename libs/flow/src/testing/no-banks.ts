import type { SbpBanks } from '../ledger/sbp/sbp-bank';

/** Sites without a bank for SBP. */
export const noBanks: SbpBanks = { active: () => Promise.resolve(null), of: () => Promise.resolve(null) };
