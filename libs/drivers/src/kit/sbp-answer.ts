/** Why the bank refuses a request; its interface writes them with the prefix `ERROR.`. */
export type SbpErrorCode =
  'NOT_FOUND' | 'INVALID_REQUEST' | 'ORDER_NUMBER_ALREADY_REGISTERED' | 'QR_EXPIRATION_DATE_NOT_VALID' | 'REFUND_INSUFFICIENT_FUNDS' | 'REFUND_NOT_FOUND';

/** What the bank did, or why it did nothing. */
export type SbpAnswer<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly code: SbpErrorCode };
