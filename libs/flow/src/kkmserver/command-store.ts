import type { KkmAnswer, KkmCommand } from '@kkm/core';

/**
 * Where a command stands.
 * - `taken`: stored; nothing was done.
 * - `charging`: a payment or return was asked of the ledger, under an idempotency key made from the command's id, and has not ended.
 * - `receipting`: money moved (or none was to move) and the fiscal register is to make its receipt; repeated under one key until it says yes or no.
 * - `giving_back`: the receipt failed and the site's policy gives the charge back.
 * - `done`: answered for good, unless the payment is redone: a command whose payment was declined is taken up again when that payment succeeds.
 */
export const commandStages = ['taken', 'charging', 'receipting', 'giving_back', 'done'] as const;
/** One of {@link commandStages}. */
export type CommandStage = (typeof commandStages)[number];

/** What a command wants of the ledger: a charge, a return, or nothing (null). Decided once, when it is taken: a setting changed later does not concern it. */
export type CommandAcquiring = 'charge' | 'return' | null;

/** A command of a client, with what became of it. `idCommand` is its idempotency key at its site, for ever. */
export interface CommandRecord {
  readonly id: string;
  readonly siteId: string;
  /** As sent, or made by KKM when the client sent none. */
  readonly idCommand: string;
  /** SHA-256 of what was asked: another request under the same id is refused. */
  readonly fingerprint: string;
  readonly command: KkmCommand;
  readonly registerId: string | null;
  readonly terminalId: string | null;
  /** The unit as the answer names it; null where none is named. */
  readonly unit: { readonly numDevice: number; readonly unitName: string } | null;
  /** The bill's number at its register, when the client named one (design-money, clause 16). */
  readonly receiptNumber: string | null;
  readonly acquiring: CommandAcquiring;
  /** What it wants charged, minor units; null when it charges nothing. */
  readonly chargeAmount: number | null;
  readonly stage: CommandStage;
  /** The payment it charged, or of which it gives back. */
  readonly paymentId: string | null;
  /** The return that it asked for last. */
  readonly returnAttemptId: string | null;
  /** Present from the first end on; replaced only by a later end of the same payment. */
  readonly answer: KkmAnswer | null;
  /** Whether a later success of its payment takes it up again. */
  readonly follows: boolean;
  /** How often its receipt, or its giving back, was certainly refused: what certainly was not made is asked for anew under the next key. */
  readonly refusals: number;
  /** Tries of the present step that came to nothing; the next waits the longer. */
  readonly tries: number;
  /** Why the latest try came to nothing, for people. */
  readonly lastError: string | null;
  /** Nobody goes on before. */
  readonly dueAtMs: number;
  readonly takenAtMs: number;
  readonly changedAtMs: number;
  /** Grows by one with every change; a change of another version is lost (compare and set). */
  readonly version: number;
}

/** What taking a command found. `unresolved`: another command may be charging the same bill (design-money, clause 16). */
export type Taken =
  | { readonly kind: 'taken'; readonly record: CommandRecord }
  | { readonly kind: 'known'; readonly record: CommandRecord }
  | { readonly kind: 'unresolved'; readonly by: CommandRecord };

/** Without a receipt number, the same amount at the same register is the same bill for so long (design-money, clause 16). */
export const sameBillWithinMs = 120_000;

/** A page of commands whose receipt is outstanding; `siteIds` null: of all sites. */
export interface OutstandingFilter {
  readonly siteIds: readonly string[] | null;
  readonly limit: number;
  /** Only those after the command with this id. */
  readonly afterId: string | null;
}

/** Where commands are kept. Every replica of the gateway sees the same. All methods throw `Unavailable` when the database cannot be had. */
export interface CommandStore {
  /**
   * Stores a command once per site and id. One that would charge is refused, in the same transaction, while another unresolved one of the register has
   * the same receipt number; or, where it has none, the same amount and is younger than {@link sameBillWithinMs}. Without a register the terminal stands for it.
   */
  take(record: CommandRecord): Promise<Taken>;
  byId(id: string): Promise<CommandRecord | null>;
  byIdCommand(siteId: string, idCommand: string): Promise<CommandRecord | null>;
  /** Of the payment that the command opened. */
  byPayment(paymentId: string): Promise<CommandRecord | null>;
  /** The newest that charged under a receipt number at a register. */
  byReceipt(bill: { readonly siteId: string; readonly registerId: string; readonly receiptNumber: string }): Promise<CommandRecord | null>;
  /** The newest that opened a payment on a terminal, whatever became of it. */
  newestCharge(siteId: string, terminalId: string): Promise<CommandRecord | null>;
  /** Writes the next state, whose version is the next; false when somebody else wrote first. */
  save(record: CommandRecord): Promise<boolean>;
  /** Takes or renews the right to drive a command for `leaseMs`; false while another driver has it. */
  lease(id: string, driver: string, leaseMs: number): Promise<boolean>;
  /** Gives the right back; nothing happens where another has it. */
  release(id: string, driver: string): Promise<void>;
  /** Commands that are not done, are due and whom nobody drives, oldest first. */
  abandoned(limit: number): Promise<readonly CommandRecord[]>;
  /** Commands in `receipting` or `giving_back`, oldest first. */
  outstanding(filter: OutstandingFilter): Promise<readonly CommandRecord[]>;
}
