import type { OutcomeReason } from './outcomes';

/** What a terminal is asked outside of payments. None of it moves money; `settle` empties the terminal's report. */
export const requestKinds = ['link-test', 'settle', 'report'] as const;
/** One of {@link requestKinds}. */
export type RequestKind = (typeof requestKinds)[number];

/**
 * Where a request stands.
 * - `asked`: no worker has taken it. `running`: one has; nobody else ever will.
 * - `done`: the terminal did it. `failed`: it certainly did not.
 * - `unknown`: the terminal may have done it, or not; its report shows. Only a settlement ends so, and is never repeated by itself.
 */
export const requestStates = ['asked', 'running', 'done', 'failed', 'unknown'] as const;
/** One of {@link requestStates}. */
export type RequestState = (typeof requestStates)[number];

/** What a link test found. What the protocol does not tell is null. */
export interface LinkFacts {
  /** From asking to the answer, milliseconds. */
  readonly tookMs: number;
  readonly bankTerminalId: string | null;
  /** By the newest report that the worker read. */
  readonly serialNumber: string | null;
  /** `YYYYMMDDhhmmss` of the terminal's clock. */
  readonly terminalTime: string | null;
}

/** How a request ended. */
export interface RequestAnswer {
  readonly state: 'done' | 'failed' | 'unknown';
  /** Why not; null when done. */
  readonly reason: OutcomeReason | null;
  /** What the terminal printed; without that, what there is to say for people. */
  readonly text: string;
  readonly link: LinkFacts | null;
}

/** A request to a terminal outside of payments, as it is kept and shown. */
export interface KeptRequest {
  readonly id: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly kind: RequestKind;
  /** A report with every operation, not only the sums. */
  readonly detailed: boolean;
  readonly state: RequestState;
  readonly reason: OutcomeReason | null;
  readonly text: string | null;
  readonly link: LinkFacts | null;
  /** Whoever asked, in words. */
  readonly askedBy: string;
  readonly askedAt: string;
  /** A worker takes it before then or never. */
  readonly expiresAt: string;
  readonly takenAt: string | null;
  readonly answeredAt: string | null;
}

/** A worker is ready for a request and wants it for itself. A repeat under the same nonce is given the same answer. */
export interface TakeRequestRequest {
  readonly requestId: string;
  readonly siteId: string;
  readonly terminalId: string;
  /** Drawn anew for each handling; ties the request to it. */
  readonly nonce: string;
}

/** `gone`: taken by another handling, answered, or too late. Nothing is to be done then. */
export type TakeRequestAnswer = { readonly kind: 'yours'; readonly request: Pick<KeptRequest, 'kind' | 'detailed'> } | { readonly kind: 'gone' };

/** A worker tells how a request that it had taken ended. The first answer stands. */
export interface AnswerRequestRequest {
  readonly requestId: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly nonce: string;
  readonly answer: RequestAnswer;
}
