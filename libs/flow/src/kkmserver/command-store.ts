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
  /** The bill's number at its register, when the client named one (design-money, clause 16). */
  readonly receiptNumber: string | null;
  /** What it wants charged, minor units; null when it charges nothing. */
  readonly chargeAmount: number | null;
  readonly stage: CommandStage;
  readonly paymentId: string | null;
  /** Present from the first end on; replaced only by a later end of the same payment. */
  readonly answer: KkmAnswer | null;
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

/** Where commands are kept. Every replica of the gateway sees the same. */
export interface CommandStore {
  /**
   * Stores a command once per site and id. One that would charge is refused, in the same transaction, while another unresolved one of the register has
   * the same receipt number; or, where it has none, the same amount and is younger than 120 s.
   */
  take(record: CommandRecord): Promise<Taken>;
  byIdCommand(siteId: string, idCommand: string): Promise<CommandRecord | null>;
  /** Of the payment that the command opened. */
  byPayment(paymentId: string): Promise<CommandRecord | null>;
  /** Writes the next state; false when somebody else wrote first. */
  save(record: CommandRecord): Promise<boolean>;
  /** Takes the right to drive a command for `leaseMs`; false while another replica has it. */
  lease(id: string, driver: string, leaseMs: number): Promise<boolean>;
  /** Commands that are not done and whom nobody drives, oldest first. */
  abandoned(limit: number): Promise<readonly CommandRecord[]>;
}
