import type { OpenedPayment, OutcomeReason, Payment, ReplayRequest, RequestAnswer } from '@kkm/core';
import type { RefundRequest } from '../gateway/refund-payment';
import type { TakePaymentRequest } from '../gateway/take-payment';
import type { Digest, Equipment } from '../gateway/ports';
import type { Clock } from '../worker/ports';
import type { CommandStore } from './command-store';
import type { DoorUnits } from './fiscal-register';

/** The payments of KKM as a command asks for them. Every call throws `Rejected` for what can never succeed and `Unavailable` when the ledger or broker did not answer. */
export interface CommandPayments {
  take(request: TakePaymentRequest): Promise<OpenedPayment>;
  refund(request: RefundRequest): Promise<OpenedPayment>;
  /** What an earlier request with this key opened; opens nothing. */
  replay(request: ReplayRequest): Promise<OpenedPayment | null>;
  read(siteId: string, paymentId: string): Promise<Payment>;
  /** The newest state known once `isEnded` says so, or after `waitMs`. */
  waited(payment: Payment, until: { readonly isEnded: (payment: Payment) => boolean; readonly waitMs: number }): Promise<Payment>;
}

/** How a client names a charge of earlier: what the bank calls it. */
export interface ChargeSought {
  readonly siteId: string;
  readonly rrn: string;
  /** Null: not said. */
  readonly authorisationCode: string | null;
}

/** Finds the payment that was charged under a bank's reference; the newest, where banks have used one twice. Null: no charge of KKM's has it. */
export type FindCharge = (sought: ChargeSought) => Promise<Payment | null>;

/** What came of a request to a terminal that moves no money. */
export interface TerminalAnswer {
  /** `unknown`: it may have been carried out, and is never told as a refusal. */
  readonly state: RequestAnswer['state'];
  /** What the terminal printed; null when nothing. */
  readonly slip: string | null;
  /** Why not; null when it went well. */
  readonly reason: OutcomeReason | null;
}

/** Settlements and reports of terminals. Each waits for the terminal's answer, and throws `Unavailable` while it cannot be asked. */
export interface TerminalRequests {
  /** Under one key a settlement is made once. */
  settle(asked: { readonly siteId: string; readonly terminalId: string; readonly key: string }): Promise<TerminalAnswer>;
  report(asked: { readonly siteId: string; readonly terminalId: string; readonly detailed: boolean; readonly key: string }): Promise<TerminalAnswer>;
  /** Settles every terminal of a site that is switched on; what did not go well, for people. */
  settleSite(asked: { readonly siteId: string; readonly key: string }): Promise<readonly string[]>;
}

/** Where a saga says what went wrong; nothing is decided by it. */
export interface SagaLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What commands are taken and driven with. */
export interface CommandPorts {
  readonly store: CommandStore;
  readonly units: DoorUnits;
  readonly equipment: Equipment;
  readonly payments: CommandPayments;
  readonly findCharge: FindCharge;
  readonly terminals: TerminalRequests;
  /** The object `ServerData` of `GetServerData`. */
  readonly serverData: () => Promise<Readonly<Record<string, unknown>>>;
  readonly digest: Digest;
  readonly newId: (prefix: 'cmd') => string;
  readonly clock: Pick<Clock, 'wallMs' | 'sleep'>;
  readonly log: SagaLog;
}
