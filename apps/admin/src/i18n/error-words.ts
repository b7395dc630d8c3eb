import type { ErrorCode } from '@kkm/core';

/** What a person reads for an error code: what happened, and what to do. */
export interface ErrorWords {
  readonly title: string;
  readonly remedy: string;
}

/** The words of every code of KKM's catalogue. A new code needs its row in each language, or the page does not build. */
export type ErrorWordsByCode = Readonly<Record<ErrorCode, ErrorWords>>;
