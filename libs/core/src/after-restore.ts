/**
 * How a terminal stands since the books were restored from a backup. `unasked`: its report was not compared yet; `held`: it was, and does not reach back to the
 * backup, so that charges may be missing; `compared`; `released`: a person said that nothing is missing. In the first two nothing is charged there.
 */
export const afterRestoreStates = ['unasked', 'held', 'compared', 'released'] as const;

/** One of {@link afterRestoreStates}. */
export type AfterRestoreState = (typeof afterRestoreStates)[number];

/** A terminal that the restored books know. */
export interface TerminalAfterRestore {
  readonly siteId: string;
  readonly terminalId: string;
  readonly state: AfterRestoreState;
  /** When its report was compared; null: not yet. */
  readonly askedAt: string | null;
}

/** An operation that a terminal made and the restored books do not know (design-money, clause 12). */
export interface FoundCharge {
  readonly siteId: string;
  readonly terminalId: string;
  readonly rrn: string;
  readonly operation: string | null;
  /** Minor units; null: the report does not tell. */
  readonly amount: number | null;
  /** `YYYYMMDDhhmmss` of the terminal's clock. */
  readonly terminalTime: string | null;
  readonly foundAt: string;
}

/** What is left to do since the newest restore; `restoredAt` is null when there never was one. */
export interface RestoreOverview {
  readonly restoredAt: string | null;
  /** When the backup was taken: what happened since then is what the books may miss. */
  readonly backedUpAt: string | null;
  readonly terminals: readonly TerminalAfterRestore[];
  /** Not assigned yet. */
  readonly charges: readonly FoundCharge[];
}

/** A person says that nothing is missing at a terminal whose report cannot tell. */
export interface ReleaseTerminalRequest {
  readonly siteId: string;
  readonly terminalId: string;
  readonly evidence: string;
  /** Who, by name. */
  readonly by: string;
}

/** A person says whose a found operation is. */
export interface AssignChargeRequest {
  readonly siteId: string;
  readonly terminalId: string;
  readonly rrn: string;
  /** The payment whose newest attempt it was; null: none of ours. */
  readonly paymentId: string | null;
  readonly evidence: string;
  /** Who, by name. */
  readonly by: string;
}
