import type {
  AttemptResult,
  BaselineAnswer,
  BaselineRequest,
  CompletionEvent,
  EndBaselineAnswer,
  EndBaselineRequest,
  HeartbeatRequest,
  KeptEvidence,
  KnowledgeRequest,
  Method,
  PaymentStatus,
  PermittedAttempt,
  Purpose,
  SiteScope,
  TerminalKnowledge,
} from '@kkm/core';
import type { Change, EventWrite } from './change';
import type { ChargeRecord } from './charges';
import type { PaymentRecord } from './records';
import type { Errand, ErrandTimes } from './errands';

/** A payment that does not exist yet, with its first attempt, and the key of the request that opens it. */
export interface Opening {
  readonly record: PaymentRecord;
  readonly key: { readonly key: string; readonly fingerprint: string };
  readonly events: readonly EventWrite[];
}

/** What an idempotency key was used for. */
export interface KeyUse {
  readonly fingerprint: string;
  readonly paymentId: string;
  readonly attemptId: string;
}

/** Why an order takes no further payment (design-money, clause 16). */
export type OrderConflict = 'order-busy' | 'order-charged';

/** What came of an {@link Opening}. */
export type OpenAnswer = { readonly kind: 'opened' } | { readonly kind: 'key-used'; readonly use: KeyUse } | { readonly kind: OrderConflict };

/** What came of a {@link Change}. `stale`: somebody changed the payment, the lease or the terminal meanwhile; nothing happened, decide anew. */
export type SaveAnswer = 'saved' | 'stale' | OrderConflict;

/** Who may connect to a terminal; `version` moves with every change and with every permit given under it. */
export interface LeaseRecord {
  readonly workerId: string;
  readonly version: number;
  readonly takenAtMs: number;
}

/** A worker of a site and when it was last heard. */
export interface WorkerSeen {
  readonly workerId: string;
  readonly seenMs: number;
}

/**
 * A terminal as the ledger sees it. `occupant`: the attempt that is granted or in doubt there with `moneyPath` `terminal`; where there is none, of the granted
 * ones with `bank_qr` the one whose lease is the latest, lapsed or not: whether it still holds the terminal the decision says (design-money, clause 4).
 */
export interface TerminalRecord {
  readonly lease: LeaseRecord | null;
  readonly occupant: PermittedAttempt | null;
  /** Whether a baseline report is recorded. */
  readonly baselined: boolean;
}

/** What a permit depends on. `afterRestore` is what a restore of the books forbids. */
export interface FoundFacts {
  readonly record: PaymentRecord;
  readonly terminal: TerminalRecord;
  readonly afterRestore?: 'unasked' | 'held' | undefined;
}

/** A payment found by one of its attempts. `recorded` tells whether the result asked about is in the inbox. */
export interface FoundAttempt {
  readonly record: PaymentRecord;
  readonly recorded: boolean;
}

/** What the feed or a list is asked for. Cursors are opaque outside the store. */
export interface PaymentFilter {
  readonly scope: SiteScope;
  readonly siteId: string | null;
  readonly orderId: string | null;
  readonly status: PaymentStatus | null;
  readonly purpose: Purpose | null;
  /** Of one of the payment's sales. */
  readonly method: Method | null;
  /** Of one of the payment's sales; of the one of `method`, when both are given. */
  readonly settlementAccount: string | null;
  /** On one of the payment's attempts or charges. */
  readonly rrn: string | null;
  /** On the attempt or charge of `rrn`, when both are given. */
  readonly authorisationCode: string | null;
  /** Minor units, asked for or charged. */
  readonly amount: number | null;
  /** Ids sort by time: only payments with an id from here on. */
  readonly fromId: string | null;
  /** Only payments with an id below this one. */
  readonly beforeId: string | null;
  readonly limit: number;
}

/** What a heartbeat came to. */
export interface HeartbeatOutcome {
  readonly memberIds: readonly string[];
  /** Terminals asked about whose lease is this worker's. */
  readonly heldTerminalIds: readonly string[];
  /** Attempts whose lease was renewed, because their nonce is in force. */
  readonly renewed: readonly { readonly attemptId: string; readonly cancelPending: boolean }[];
}

/** A page of the feed; `next` stays at `after` when nothing came. */
export interface FeedPage {
  readonly events: readonly CompletionEvent[];
  readonly next: string;
}

/**
 * The book of record. Every method is one transaction by itself. Writes compare and set: a decision is taken on what was read, and is written only
 * while that still stands; whatever slips through meets a constraint of the database and comes back as `stale`.
 * Locks are taken in one order everywhere: terminal lease, payment, attempt, permit.
 * All methods throw `Unavailable('ledger.unavailable')` when the database cannot be had.
 */
export interface LedgerStore {
  open(opening: Opening): Promise<OpenAnswer>;
  save(change: Change): Promise<SaveAnswer>;
  keyUse(siteId: string, key: string): Promise<KeyUse | null>;
  payment(paymentId: string): Promise<PaymentRecord | null>;
  /** A test only where the order has nothing else. */
  newestOfOrder(siteId: string, orderId: string): Promise<PaymentRecord | null>;
  /** Finds the payment of an attempt; null when no such attempt is known. */
  attempt(attemptId: string, resultId: string | null): Promise<FoundAttempt | null>;
  /** The payment of an attempt together with the terminal it is to run on; null when no such attempt is known. */
  permitFacts(attemptId: string): Promise<FoundFacts | null>;
  terminal(siteId: string, terminalId: string): Promise<TerminalRecord>;
  /** Gives the lease to a worker if it still has `version` (null: nobody ever had it). False: somebody was faster. */
  takeLease(lease: {
    readonly siteId: string;
    readonly terminalId: string;
    readonly workerId: string;
    readonly version: number | null;
    /** Until when the attempt that is unfinished there was seen to be driven; null: none was. A heartbeat may have renewed it since. */
    readonly drivenUntilMs: number | null;
    readonly nowMs: number;
  }): Promise<boolean>;
  /** A worker that leaves and holds nothing any more is forgotten. */
  heartbeat(
    request: HeartbeatRequest,
    times: { readonly nowMs: number; readonly leaseUntilMs: number; readonly memberSinceMs: number },
  ): Promise<HeartbeatOutcome>;
  /** The workers of a site that were heard since, those that are leaving included. */
  workersSeen(siteId: string, sinceMs: number): Promise<readonly WorkerSeen[]>;
  /** Newest first. */
  list(filter: PaymentFilter): Promise<readonly PaymentRecord[]>;
  /** Oldest first, without gaps. */
  feed(ask: { readonly scope: SiteScope; readonly after: string | null; readonly limit: number }): Promise<FeedPage>;
  /** The cursor behind everything that {@link feed} shows now. */
  feedEnd(): Promise<string>;
  /** Ids of payments with a queued attempt past its expiry. */
  expiredPayments(nowMs: number, limit: number): Promise<readonly string[]>;
  /** Ids of payments that have ended, are not closed, and were not touched since. */
  paymentsToClose(untouchedSinceMs: number, limit: number): Promise<readonly string[]>;
  /** What was said about the attempts of a payment: by attempt, then in the order it was first heard. */
  evidenceOf(paymentId: string): Promise<readonly KeptEvidence[]>;
  /** Approvals recorded for the sales of a payment, surfaced ones included, oldest first. */
  chargesOf(paymentId: string): Promise<readonly ChargeRecord[]>;
  /** Ids of payments whose late money is to be decided about by then. */
  paymentsToDecide(nowMs: number, limit: number): Promise<readonly string[]>;
  /** Records an event that belongs to no payment. */
  announce(event: EventWrite): Promise<void>;
  /**
   * Keeps a terminal's report as its baseline if the worker holds the lease and nothing is unfinished there, nor awaits the terminal's answer to a person's
   * decision: its operation would be taken for somebody else's. The one before is replaced.
   */
  keepBaseline(request: BaselineRequest, nowMs: number): Promise<BaselineAnswer>;
  /** Forgets the baseline under the same conditions, and moves the lease's version: whoever saw the terminal with its baseline and would take the lease looks again. */
  endBaseline(request: EndBaselineRequest): Promise<EndBaselineAnswer>;
  /** What is known of a terminal's operations, as seen before the grant of an attempt. */
  knowledge(request: KnowledgeRequest): Promise<TerminalKnowledge>;
  /**
   * Attempts that need somebody sent and whose time has come, each at most once per pause, whoever asks: granted or in doubt through their terminal with a
   * lapsed lease, first after `firstMs`; decided by a person and not answered for by the terminal, the same; and queued returns and sales that the ledger opened by itself, at once.
   */
  dueErrands(nowMs: number, times: ErrandTimes & { readonly limit: number }): Promise<readonly Errand[]>;
  /** The terminal answered for an attempt that a person decided, and what it said settles nothing: no errand is sent for it any more. */
  noteAnsweredInVain(attemptId: string): Promise<void>;
  /** Keeps a result whose attempt is unknown (design-money, clause 12). Repeats change nothing. */
  keepOrphan(result: AttemptResult): Promise<void>;
}
