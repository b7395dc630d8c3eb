import type { Operation } from './payment';

/** How many operations of one terminal's report are looked up at once. A café's terminal makes some hundred between two settlements. */
export const reportOperationsMax = 5_000;

/** What a terminal's report shows of one operation, as far as a baseline keeps it. */
export interface ReportedOperation {
  readonly rrn: string;
  readonly operation: Operation | null;
  readonly amountMinor: number | null;
  /** `YYYYMMDDhhmmss` of the terminal's clock. */
  readonly terminalTime: string | null;
}

/**
 * A terminal's report, read while nothing is unfinished there (design-money, clause 6). Operations in it that no attempt of ours made are from then on known
 * not to be ours. `busy`: an attempt is unfinished there; `not-leased`: another worker may connect now. Nothing is recorded then.
 */
export interface BaselineRequest {
  readonly workerId: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly bankTerminalId: string;
  readonly serialNumber: string;
  /** When the reported period began, `YYYYMMDDhhmmss` of the terminal's clock. */
  readonly since: string;
  /** Oldest first, at most {@link reportOperationsMax}. */
  readonly operations: readonly ReportedOperation[];
}

/** The ledger's answer to a {@link BaselineRequest}; `found` is how many operations nobody knew. */
export type BaselineAnswer = { readonly kind: 'kept'; readonly found: number } | { readonly kind: 'busy' | 'not-leased' };

/** A worker is about to settle a terminal, which empties its report: what was recorded of it will prove nothing from then on. */
export interface EndBaselineRequest {
  readonly workerId: string;
  readonly siteId: string;
  readonly terminalId: string;
}

/** `busy`: an attempt is unfinished there, so nothing may be settled (design-money, clause 6); `not-leased`: another worker may connect now. Nothing changed then. */
export interface EndBaselineAnswer {
  readonly kind: 'ended' | 'busy' | 'not-leased';
}

/** Asks which of a report's operations are known, and how far back the report must reach to prove something about an attempt. */
export interface KnowledgeRequest {
  readonly siteId: string;
  readonly terminalId: string;
  /** The attempt in doubt. */
  readonly attemptId: string;
  /** RRNs of the report, at most {@link reportOperationsMax}. */
  readonly rrns: readonly string[];
}

/**
 * The newest thing recorded of a terminal before an attempt's grant. A report that shows it reaches back past the grant (design-money, clause 5):
 * an operation by its RRN, or the begin of the period in which none had been made yet.
 */
export type ReportAnchor = { readonly kind: 'operation'; readonly rrn: string } | { readonly kind: 'period'; readonly since: string };

/** What the ledger knows of a terminal's operations. `baseline` and `anchor` are null when no report was recorded before the grant: then nothing can be proved by absence. */
export interface TerminalKnowledge {
  /** Those of the RRNs asked about that belong to other attempts, to surfaced money or to a baseline. */
  readonly known: readonly string[];
  readonly baseline: { readonly bankTerminalId: string; readonly serialNumber: string } | null;
  readonly anchor: ReportAnchor | null;
}
