import type { AnswerRequestRequest, KeptRequest, LinkDraft, RequestKind, TakeRequestRequest } from '@kkm/core';

/** A request as it is asked. */
export interface NewRequest {
  readonly id: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly kind: RequestKind;
  readonly detailed: boolean;
  /** Makes a repeat the same request; unique per site, for ever. Null: every call is a request of its own. */
  readonly key: string | null;
  /** For a link test of settings that are not saved. */
  readonly draft: LinkDraft | null;
  readonly askedBy: string;
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
}

/** A request with the settings that it is about, when those are not saved. */
export interface StoredRequest {
  readonly kept: KeptRequest;
  readonly draft: LinkDraft | null;
}

/** A page of a terminal's requests. */
export interface RequestFilter {
  readonly siteId: string;
  readonly terminalId: string;
  readonly kind: RequestKind | null;
  /** Only those asked before the request with this id. */
  readonly beforeId: string | null;
  readonly limit: number;
}

/** Where requests to terminals are kept; every replica of the gateway sees the same. All methods throw `Unavailable` when the database cannot be had. */
export interface RequestStore {
  /** Stores it, unless its key was used before: false then. */
  add(request: NewRequest): Promise<boolean>;
  find(id: string): Promise<KeptRequest | null>;
  byKey(siteId: string, key: string): Promise<StoredRequest | null>;
  /**
   * Gives a request that is asked and not too late to one handling, for ever; again to that one alone. Null: it is not to be had; a draft only by a
   * worker that says it tests drafts.
   */
  take(request: TakeRequestRequest, nowMs: number): Promise<StoredRequest | null>;
  /** Ids of link tests of new terminals of a site that nobody has taken yet, oldest first. */
  newTerminals(siteId: string, nowMs: number, limit: number): Promise<readonly string[]>;
  /** Writes how a request ended, once, at the word of the handling that has it. Anything else changes nothing. */
  answer(request: AnswerRequestRequest, nowMs: number): Promise<void>;
  /**
   * Ends what is overdue: what nobody took until its time has failed; what was taken by `takenUntilMs` and never answered has failed, too, but a
   * settlement is unknown, because the terminal may have made it.
   */
  lapse(times: { readonly nowMs: number; readonly takenUntilMs: number }): Promise<void>;
  /** Newest first. */
  list(filter: RequestFilter): Promise<readonly KeptRequest[]>;
}

/** What is said of requests that end because their time is over. */
export const overdueTexts = {
  asked: 'No worker took it in time: none is connected to the terminal, or payments kept the terminal busy. Nothing was sent.',
  running: 'The worker that had it never told how it ended.',
  settling: 'The worker that had it never told how it ended. The terminal may have settled: a report shows.',
} as const;
