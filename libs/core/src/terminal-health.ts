import type { OutcomeReason } from './outcomes';
import type { Operation, Purpose } from './payment';
import type { KeptRequest } from './requests';

/** How long the pieces are into which a period is cut. Both begin with the UTC hour or day. */
export const healthBuckets = ['hour', 'day'] as const;
/** One of {@link healthBuckets}. */
export type HealthBucket = (typeof healthBuckets)[number];

/** How many milliseconds each bucket lasts. */
export const healthBucketMs: Readonly<Record<HealthBucket, number>> = { hour: 3_600_000, day: 86_400_000 };

/** A terminal's connection as the worker with its lease last told. `unknown`: no such worker was heard lately. */
export const linkStates = ['up', 'down', 'unknown'] as const;
/** One of {@link linkStates}. */
export type LinkState = (typeof linkStates)[number];

/** The middle one of some times, and the one that 95 of 100 do not exceed; milliseconds. */
export interface TimeSpread {
  readonly p50: number;
  readonly p95: number;
}

/** What became of the sales that were sent to a terminal within some time. Tests are sales, too. */
export interface HealthFigures {
  readonly sales: number;
  readonly approved: number;
  readonly declined: number;
  readonly cancelled: number;
  readonly failed: number;
  /** Card reads that failed before authorisation. */
  readonly readFailures: number;
  /** Of all card reads; null without any. */
  readonly readFailureRate: number | null;
  /** From the permit to the end, of approved sales whose money moves through the terminal. */
  readonly approvalMs: TimeSpread | null;
  /** Sales that were not approved, by their reason, the most frequent first. */
  readonly failures: readonly { readonly reason: OutcomeReason; readonly count: number }[];
  /** Sales that were in doubt, those that still are, and how long the others were. */
  readonly inDoubt: { readonly count: number; readonly open: number; readonly resolveMs: TimeSpread | null };
}

/** A terminal as the ledger sees it now. */
export interface TerminalNow {
  /** Who drives it. */
  readonly worker: { readonly id: string; readonly since: string; readonly seenAt: string | null } | null;
  readonly link: LinkState;
  readonly linkSince: string | null;
  /** What it is at, or is in doubt about. */
  readonly busy: {
    readonly paymentId: string;
    readonly attemptId: string;
    readonly operation: Operation;
    readonly purpose: Purpose;
    readonly since: string;
  } | null;
  readonly inDoubt: boolean;
  /** When it last ended a sale by an answer of its own. */
  readonly lastAnswerAt: string | null;
}

/** Asks for a terminal's health from `from` on and before `to`. */
export interface HealthRequest {
  readonly siteId: string;
  readonly terminalId: string;
  readonly from: string;
  readonly to: string;
  readonly bucket: HealthBucket;
}

/** What the ledger knows of a terminal's health; buckets oldest first, empty ones left out. */
export interface LedgerHealth {
  readonly now: TerminalNow;
  readonly total: HealthFigures;
  readonly buckets: readonly (HealthFigures & { readonly from: string })[];
}

/** A terminal's health, now and over time. */
export interface TerminalHealth extends HealthRequest {
  readonly at: string;
  readonly now: TerminalNow & { readonly lastLinkTest: KeptRequest | null; readonly lastSettlement: KeptRequest | null };
  readonly total: HealthFigures;
  readonly buckets: LedgerHealth['buckets'];
}

/** A rate of card reads that failed; null when no card was read. */
export function readFailureRate(readFailures: number, sales: number): number | null {
  const reads = readFailures + sales;
  return reads === 0 ? null : readFailures / reads;
}
