/** An attempt whose bank is to be asked. */
export interface DueQr {
  readonly paymentId: string;
  readonly attemptId: string;
}

/** How one look takes what is due: nobody else is given it before `claimMs` have passed. */
export interface DueClaim {
  readonly claimMs: number;
  readonly limit: number;
}

/** The same, with a pause that doubles each time up to `maxMs`. */
export interface GrowingClaim extends DueClaim {
  readonly maxMs: number;
}

/** What the ledger is to ask banks about, read from its tables. Throws `Unavailable('ledger.unavailable')` when the database cannot be had. */
export interface QrStore {
  /** Attempts whose QR has `nextAskAtMs` by then; it moves to `nowMs + claimMs`, so that of several replicas one asks. */
  dueQrs(nowMs: number, claim: DueClaim): Promise<readonly DueQr[]>;
  /** Returns through a bank (`moneyPath` `bank_qr`) that are queued, granted or in doubt and whose pause is over; new ones at once. */
  dueBankReturns(nowMs: number, claim: GrowingClaim): Promise<readonly DueQr[]>;
}
