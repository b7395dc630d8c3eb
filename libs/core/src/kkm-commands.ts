/**
 * What a KkmServer answer says of its command. `run`: accepted and at work. `notRun`: waits for its device. `notFound`: no such command or device.
 * `alreadyDone` is known to few clients and never sent: a repeat gets the stored answer.
 */
export const commandStatuses = { ok: 0, run: 1, error: 2, notFound: 3, notRun: 4, alreadyDone: 5 } as const;
/** A value of {@link commandStatuses}. */
export type CommandStatus = (typeof commandStatuses)[keyof typeof commandStatuses];

/** How a command names its unit (a register or a terminal); what is null or 0 was not said. `numDevice` 0: the first register for checks, its terminal for payments (design-money, clause 26). */
export interface UnitSearch {
  readonly numDevice: number;
  readonly innKkm: string | null;
  readonly kktNumber: string | null;
  readonly idDevice: string | null;
}

/** By what a client names an earlier charge: the members of its `UniversalID`, or the older ones of their own. */
export interface ChargeReference {
  readonly rrn: string | null;
  readonly authorisationCode: string | null;
}

/** The sums of a check, minor units. `electronic` is what automatic acquiring charges. */
export interface CheckSums {
  readonly cash: number;
  readonly electronic: number;
  readonly advance: number;
  readonly credit: number;
  readonly provision: number;
}

/** A line of goods on a check. Sums in minor units; `quantity` as sent, up to 3 decimals. */
export interface CheckGoods {
  readonly name: string;
  readonly quantity: number;
  readonly price: number;
  readonly amount: number;
  readonly tax: number | null;
}

/** A check as `RegisterCheck` brings it, as far as KKM itself has to understand it. */
export interface CheckDocument {
  readonly fiscal: boolean;
  /** 0 sale, 1 return of a sale, others as the API numbers them. */
  readonly type: number;
  readonly sums: CheckSums;
  readonly goods: readonly CheckGoods[];
  /** Null: as the register's automatic acquiring says. */
  readonly payByProcessing: boolean | null;
  /** Null: the register's payment withdrawal device; 0: any. */
  readonly numDeviceByProcessing: number | null;
  /** The bill's own number, null when there is none. */
  readonly receiptNumber: string | null;
  /** Only on a return: which charge to give back; null: a refund without one. */
  readonly original: ChargeReference | null;
  /** The whole command as it was sent, without what may be card data: a fiscal register of its own gets it. */
  readonly asSent: Readonly<Record<string, unknown>>;
}

/** What a person or program at the desk wants of a fiscal register, besides checks. Amounts in minor units. */
export type RegisterTask =
  | { readonly kind: 'OpenShift' | 'CloseShift' | 'XReport' | 'ZReport' | 'OpenCashDrawer' | 'GetLineLength' | 'GetDataKKT' | 'OfdReport' | 'GetCounters' }
  | { readonly kind: 'DepositingCash' | 'PaymentCash'; readonly amount: number }
  | { readonly kind: 'GetDataCheck'; readonly fiscalNumber: number; readonly copies: number }
  | { readonly kind: 'PrintDocument' };

/** What a command asks for, read leniently and checked. */
export type KkmWish =
  | { readonly kind: 'PayByPaymentCard'; readonly amount: number; readonly receiptNumber: string | null }
  | {
      readonly kind: 'ReturnPaymentByPaymentCard' | 'CancelPaymentByPaymentCard';
      /** Null: all that is left. */
      readonly amount: number | null;
      readonly original: ChargeReference;
    }
  /** Holds: no terminal of this release can. */
  | { readonly kind: 'AuthorisationByPaymentCard' | 'AuthConfirmationByPaymentCard' | 'CancelAuthorisationByPaymentCard' }
  /** Null: the last charge on the terminal. */
  | { readonly kind: 'EmergencyReversal'; readonly original: ChargeReference | null }
  | { readonly kind: 'Settlement' }
  | { readonly kind: 'TerminalReport'; readonly detailed: boolean }
  | { readonly kind: 'TransactionDetails'; readonly amount: number | null; readonly original: ChargeReference }
  | { readonly kind: 'PrintSlipOnTerminal' }
  | { readonly kind: 'RegisterCheck'; readonly check: CheckDocument }
  | { readonly kind: 'RegisterTask'; readonly task: RegisterTask; readonly asSent: Readonly<Record<string, unknown>> }
  | { readonly kind: 'List'; readonly filters: Readonly<Record<string, unknown>> }
  | { readonly kind: 'GetServerData' }
  | { readonly kind: 'OnOffUnut'; readonly active: boolean };

/** A command as a door took it. */
export interface KkmCommand {
  /** Its name as the API spells it; what the answer's `Command` says. */
  readonly name: string;
  /** The client's own id; null when it sent none. */
  readonly idCommand: string | null;
  readonly unit: UnitSearch;
  readonly cashier: { readonly name: string | null; readonly vatin: string | null };
  readonly wish: KkmWish;
}

/** Who sends commands, and what the door's settings let him do. */
export interface KkmCaller {
  readonly siteId: string;
  readonly account: 'admin' | 'user' | 'none';
  /** Refund, cancel and reversal need a password or an allow-listed origin (design-money, clause 27). */
  readonly mayGiveBack: boolean;
}

/**
 * An answer as it is stored and sent: the envelope, and a payload that goes before it. Members that do not apply are left out.
 * `error` is shown to people; when money may have moved it never holds a word that makes clients resend with a new id (KkmServer facts, section 7).
 */
export interface KkmAnswer {
  readonly status: CommandStatus;
  readonly error: string;
  readonly message: string | null;
  readonly warning: string | null;
  readonly numDevice: number | null;
  readonly unitName: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}
