import type { IdPrefix, PermitTimes } from '@kkm/core';

/** What the use cases take from outside instead of reaching for it: the ledger's clock, new ids, and the times of the permit. */
export interface LedgerSurroundings {
  /** Milliseconds since 1970; the ledger's clock decides about expiry and leases. */
  readonly nowMs: () => number;
  readonly newId: (prefix: IdPrefix) => string;
  readonly times: PermitTimes;
}

/** How often a change is decided anew because somebody else was faster, before the caller is asked to come again. */
export const triesMax = 12;

/**
 * Times of returns: when the command expires, and how one that the ledger opened by itself and that found no terminal is tried again, for about five hours.
 * A return at a bank waits for the ledger alone, so it outlives any standstill of it.
 */
export const returnTimes = {
  expiresInSeconds: 900,
  bankExpiresInSeconds: 30 * 86_400,
  lookAgainMs: 5_000,
  retryMs: 30_000,
  retryMaxMs: 3_600_000,
  triesMax: 12,
} as const;
