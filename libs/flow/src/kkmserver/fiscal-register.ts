import type { CheckDocument, KkmAnswer, KkmCommand, Payment, RegisterTask } from '@kkm/core';

/** What becomes of a charge whose receipt failed: kept, with the receipt repeated and visible; or given back. A setting of the register. */
export const receiptFailurePolicies = ['keep', 'void'] as const;
/** One of {@link receiptFailurePolicies}. */
export type ReceiptFailurePolicy = (typeof receiptFailurePolicies)[number];

/** What came of a receipt. `refused`: certainly none was made, and repeating will not help by itself. `unknown`: the answer was lost; ask again under the same key. */
export type ReceiptOutcome =
  | { readonly kind: 'made'; readonly payload: KkmAnswer['payload']; readonly warning: string | null }
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'unknown'; readonly error: string };

/** A check whose receipt is to be made. */
export interface ReceiptRequest {
  /** The same on every repeat; at most one receipt is ever made under it. */
  readonly key: string;
  readonly check: CheckDocument;
  readonly command: KkmCommand;
  /** What was charged, or returned, by automatic acquiring; null when it did not run. */
  readonly payment: Payment | null;
}

/** Something else that a register is to do. `key` as in {@link ReceiptRequest}. */
export interface TaskRequest {
  readonly key: string;
  readonly task: RegisterTask;
  readonly command: KkmCommand;
  readonly asSent: Readonly<Record<string, unknown>>;
}

/** The fiscal side of one register: `none` is a virtual register that numbers checks and shifts; `forward` is a real KkmServer-compatible one elsewhere. */
export interface FiscalRegister {
  readonly onReceiptFailure: ReceiptFailurePolicy;
  /** Whether a receipt could be made now; asked before a card is touched. Null: yes; else the reason for people. */
  preflight(check: CheckDocument): Promise<string | null>;
  /** Makes the receipt. Never throws for the register's own refusals. */
  receipt(request: ReceiptRequest): Promise<ReceiptOutcome>;
  /** Everything else a register does: shifts, reports, cash. */
  task(request: TaskRequest): Promise<KkmAnswer>;
}

/** A unit (KkmServer's word for a register or a terminal) that a command named. */
export interface DoorUnit {
  readonly numDevice: number;
  readonly unitName: string;
  readonly registerId: string | null;
  readonly terminalId: string | null;
  /** Switched off by OnOffUnut or in the settings. */
  readonly enabled: boolean;
}

/** A register with what its checks need. */
export interface DoorRegister extends DoorUnit {
  readonly registerId: string;
  readonly acquiring: { readonly option: 'none' | 'card' | 'sbp_qr' | 'card_or_sbp_qr'; readonly terminalId: string | null };
  /** Whether CloseShift also settles the terminals of its site. */
  readonly settleOnCloseShift: boolean;
  readonly fiscal: FiscalRegister;
}

/** The units of a site as the KkmServer door names them, read anew for each command. */
export interface DoorUnits {
  /** The register of a check or service command: by number, else the first (design-money, clause 26). Null: there is none such. */
  register(siteId: string, command: KkmCommand): Promise<DoorRegister | null>;
  registerById(siteId: string, registerId: string): Promise<DoorRegister | null>;
  /** The terminal of a payment command: by its own number; a register's number names its payment withdrawal device; 0: the first register's. */
  terminal(siteId: string, numDevice: number): Promise<(DoorUnit & { readonly terminalId: string }) | null>;
  /** Items of `ListUnit`, filtered as the client asked. */
  list(siteId: string, filters: Readonly<Record<string, unknown>>): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Switches a device on or off; false when there is none such. */
  onOff(siteId: string, numDevice: number, active: boolean): Promise<boolean>;
}
