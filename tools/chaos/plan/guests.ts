import { faultText, FaultBag } from './sale-faults';
import type { SaleFault } from './sale-faults';
import type { Seeded } from './seeded';

/** What one guest comes to do, and what goes wrong at the terminal meanwhile. */
export interface GuestPlan {
  readonly number: number;
  readonly orderId: string;
  /** Minor units. From a short price list, as in a café: neighbours often pay the same, and amounts tell nothing. */
  readonly amountMinor: number;
  readonly card: 'good' | 'empty';
  /** How long the guest looks for the card. */
  readonly tapAfterMs: number;
  /** Null: the terminal behaves. */
  readonly fault: { readonly name: SaleFault; readonly text: string } | null;
  /** Somebody keys in a sale by hand right after this one. */
  readonly foreignSaleToo: boolean;
  /** The cashier asks to stop so long after the payment was accepted; null: never. */
  readonly cancelAfterMs: number | null;
  /** Takes any terminal, also one that is busy or in doubt, instead of a free one. */
  readonly impatient: boolean;
  /** The caller sends the request twice at the same time. */
  readonly sentTwice: boolean;
  /** A payment that ends uncharged is tried again on the same bill. */
  readonly redoes: boolean;
}

const prices = [5_000, 10_000, 10_000, 15_000, 15_000, 25_000, 40_000] as const;
/** So many payments are faulted at the terminal; a little above the promised fifth, because some end before the terminal is asked. */
const faultedShare = 0.24;

/** Guests in the order in which they come. The same seed gives the same guests. */
export class Guests {
  private readonly bag: FaultBag;
  private next = 1;

  constructor(private readonly seeded: Seeded) {
    this.bag = new FaultBag(seeded);
  }

  /** The next one. */
  arrive(): GuestPlan {
    const { seeded } = this;
    const number = this.next;
    this.next += 1;
    const amountMinor = seeded.pick(prices);
    const impatient = seeded.chance(0.02);
    // Who does not wait for a terminal of his own cannot be given a fault of his own.
    const faulted = !impatient && seeded.chance(faultedShare);
    const name = faulted ? this.bag.deal() : null;
    return {
      number,
      orderId: `guest-${number}`,
      amountMinor,
      card: !faulted && seeded.chance(0.1) ? 'empty' : 'good',
      tapAfterMs: seeded.whole(100, 400),
      fault: name && { name, text: faultText(name, seeded, amountMinor) },
      foreignSaleToo: name !== null && name.startsWith('drop_') && seeded.chance(0.2),
      cancelAfterMs: seeded.chance(0.05) ? seeded.whole(0, 900) : null,
      impatient,
      sentTwice: seeded.chance(0.03),
      redoes: seeded.chance(0.9),
    };
  }

  /** The guest's fault did not fire: the next faulted guest meets it. */
  notFired(fault: SaleFault): void {
    this.bag.giveBack(fault);
  }
}
