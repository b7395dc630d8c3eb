import type { ErrorCode } from './error-catalogue';

/** What a {@link KnownError} may carry besides its code. */
export interface ErrorDetails {
  /** Said to the caller in addition to the catalogue's text; no secret, no card data. */
  readonly detail?: string;
  /** Members for the problem document, for example `retryAfterSeconds`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error with a place in the catalogue. Its class says what the caller may do next; look at class and code, never at text. */
export abstract class KnownError extends Error {
  readonly detail: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;
  constructor(
    readonly code: ErrorCode,
    details: ErrorDetails = {},
  ) {
    super(details.detail ? `${code}: ${details.detail}` : code, { cause: details.cause });
    this.name = new.target.name;
    this.detail = details.detail;
    this.members = details.members ?? {};
  }
}

/** The request can never succeed as written. Answer 4xx, or park the message. */
export class Rejected extends KnownError {}

/** Nothing happened. The same request may be tried again later. */
export class Unavailable extends KnownError {}

/** Money may have moved. Never retry: hand the operation to recovery. */
export class Indeterminate extends KnownError {}
