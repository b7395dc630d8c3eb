import { NothingHeard } from '../harness/door-line';
import type { DoorLine, DoorReply } from '../harness/door-line';

/** What a client tells its cashier of one sale or return. */
export type Belief =
  /** Money moved. `amount` in minor units; `charge` is how the client names it when it is to be given back, null when it was not told. */
  | { readonly kind: 'done'; readonly amount: number; readonly charge: string | null }
  | { readonly kind: 'refused'; readonly error: string }
  /** No answer came, and the client knows nothing. */
  | { readonly kind: 'unsure' };

/** A bill of the client's own books. */
export interface Bill {
  /** Different for every bill; some clients send it as ReceiptNumber. */
  readonly number: string;
  readonly roubles: number;
}

/** Where a client stands. */
export interface ClientPlace {
  readonly line: DoorLine;
  /** The register that its checks come from. */
  readonly registerNumber: number;
  /** Pause between two looks at a result. The real ones take 1 to 5 s. */
  readonly pollMs: number;
}

/** A client in the manner of a family of existing ones: code of our own that sends and reads as they are described to do. */
export interface CafeClient {
  /** Sells, and follows the sale the way its family does. Never throws for what a cashier could meet. */
  sell(bill: Bill): Promise<Belief>;
  /** What happens at this client when the cashier presses the same button again. */
  again(bill: Bill): Promise<Belief>;
  /** Looks at the result of a sale once more; null: this family cannot. */
  readonly look: ((bill: Bill) => Promise<Belief>) | null;
  /** Gives a charge back by the name the client has for it; null: this family does not. */
  readonly giveBack: ((charge: string, bill: Bill) => Promise<Belief>) | null;
}

/** Status values that clients compare with. */
export const statuses = { ok: 0, run: 1, error: 2, notFound: 3, notRun: 4 } as const;

/** Roubles of an answer in minor units. */
export function kopecks(roubles: number | undefined): number {
  return Math.round((roubles ?? 0) * 100);
}

/** A failure in words, as the client shows it. */
export function refused({ Error: text }: DoorReply): Belief {
  return { kind: 'refused', error: text ?? '' };
}

/** What `work` finds out; without an answer of the door, nothing. */
export async function unlessCut(work: () => Promise<Belief>): Promise<Belief> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NothingHeard) return { kind: 'unsure' };
    throw error;
  }
}

/** A check over one line of goods, paid electronically, in the members that all clients share. */
export function checkOver({ roubles }: Bill, typeCheck: 0 | 1 = 0): Readonly<Record<string, unknown>> {
  return {
    Command: 'RegisterCheck',
    IsFiscalCheck: true,
    TypeCheck: typeCheck,
    NotPrint: false,
    NumberCopies: 0,
    CashierName: 'Кассир',
    CashierVATIN: '430601071197',
    CheckStrings: [{ PrintText: { Text: '>#2#<Игровое время' } }, { Register: goods(roubles) }],
    Cash: 0,
    ElectronicPayment: roubles,
    AdvancePayment: 0,
    Credit: 0,
    CashProvision: 0,
  };
}

function goods(roubles: number): Readonly<Record<string, unknown>> {
  return { Name: 'Час игры', Quantity: 1, Price: roubles, Amount: roubles, Department: 0, Tax: -1, SignMethodCalculation: 4, SignCalculationObject: 4 };
}
