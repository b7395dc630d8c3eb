import type { LinkProblem } from './link-problems';
import type { OutcomeReason } from './outcomes';
import type { TerminalTransport } from './terminal-transport';

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
  /** Whether the terminal reached its bank. Null where its protocol does not tell by a link test. */
  readonly host: 'reached' | 'unreachable' | null;
}

/** Settings of a terminal that are not saved, as far as a connection depends on them. */
export interface LinkDraft {
  readonly driver: string;
  readonly transport: TerminalTransport;
  /** With the values of the named profile. */
  readonly profile: Readonly<Record<string, unknown>>;
}

/** What stands for the terminal in a link test of one that is not saved yet; no id of a terminal is empty. */
export const newTerminal = '';

/** How a request ended. */
export interface RequestAnswer {
  readonly state: 'done' | 'failed' | 'unknown';
  /** Why not; null when done. */
  readonly reason: OutcomeReason | null;
  /** What the terminal printed; without that, what there is to say for people. */
  readonly text: string;
  readonly link: LinkFacts | null;
  /** For a link test that failed. */
  readonly problem?: LinkProblem | null;
}

/** A request to a terminal outside of payments, as it is kept and shown. */
export interface KeptRequest {
  readonly id: string;
  readonly siteId: string;
  /** {@link newTerminal} for a terminal that is not saved yet. */
  readonly terminalId: string;
  readonly kind: RequestKind;
  /** A report with every operation, not only the sums. */
  readonly detailed: boolean;
  readonly state: RequestState;
  readonly reason: OutcomeReason | null;
  readonly text: string | null;
  readonly link: LinkFacts | null;
  /** Why a link test failed; null for all else. */
  readonly problem: LinkProblem | null;
  /** A link test of settings that are not saved. */
  readonly isDraft: boolean;
  /** Whoever asked, in words. */
  readonly askedBy: string;
  readonly askedAt: string;
  /** A worker takes it before then or never. */
  readonly expiresAt: string;
  readonly takenAt: string | null;
  readonly answeredAt: string | null;
}

/** What a worker is to ask of the terminal. */
export interface RequestToDo extends Pick<KeptRequest, 'kind' | 'detailed'> {
  /** The link is tested with these settings, and not with those that are saved. */
  readonly draft?: LinkDraft | null;
}

/** A worker is ready for a request and wants it for itself. A repeat under the same nonce is given the same answer. */
export interface TakeRequestRequest {
  readonly requestId: string;
  readonly siteId: string;
  readonly terminalId: string;
  /** Drawn anew for each handling; ties the request to it. */
  readonly nonce: string;
  /** The worker tests drafts. One of an earlier release would test what is saved instead, so it is given none. */
  readonly drafts?: boolean;
}

/** `gone`: taken by another handling, answered, or too late. Nothing is to be done then. */
export type TakeRequestAnswer = { readonly kind: 'yours'; readonly request: RequestToDo } | { readonly kind: 'gone' };

/** A worker tells how a request that it had taken ended. The first answer stands. */
export interface AnswerRequestRequest {
  readonly requestId: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly nonce: string;
  readonly answer: RequestAnswer;
}
