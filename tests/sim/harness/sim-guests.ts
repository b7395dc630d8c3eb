import type { Plan } from './plan';
import type { BookedQr, SbpBooks } from './sbp-books';
import type { PlannedGuest } from './sbp-plan';
import type { Scheduler } from './scheduler';

/** What guests see, and what they can reach. */
export interface GuestWorld {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly books: SbpBooks;
  /** Whose code it is: the order of its payment, and until when the guest is told to pay. Null when the ledger knows no such code. */
  whose(payload: string): { readonly orderId: string; readonly endsAtMs: number } | null;
  /** The order of the payment that is being made at a terminal; null when there is none. */
  orderAt(terminalId: string): string | null;
  /** Presses the cancel key of a terminal. */
  press(terminalId: string): void;
}

/** The guests before the terminals: each sees a code once, and does with it what the plan says. */
export class SimGuests {
  /** Payments that are under way. */
  underWay = 0;
  private readonly seen = new Set<string>();
  private readonly codesOf = new Map<string, number>();
  private readonly asksOf = new Map<string, number>();

  constructor(private readonly world: GuestWorld) {}

  /** A terminal shows something else than before. */
  see(terminalId: string, payload: string | null): void {
    if (payload === null || this.seen.has(payload)) return;
    this.seen.add(payload);
    const found = this.world.whose(payload);
    const planned = found && this.world.plan.payments.find(({ orderId, sbp }) => orderId === found.orderId && sbp)?.sbp;
    if (!found || !planned) return;
    const nth = this.codesOf.get(found.orderId) ?? 0;
    this.codesOf.set(found.orderId, nth + 1);
    const guest = planned.guests[nth % planned.guests.length];
    if (guest) this.act(guest, { terminalId, payload, endsAtMs: found.endsAtMs });
  }

  /** A terminal asks for a card: the guest may wish to pay otherwise. */
  asked(terminalId: string): void {
    const orderId = this.world.orderAt(terminalId);
    const planned = this.world.plan.payments.find((payment) => payment.orderId === orderId && payment.sbp)?.sbp;
    if (orderId === null || !planned) return;
    const nth = this.asksOf.get(orderId) ?? 0;
    this.asksOf.set(orderId, nth + 1);
    const afterMs = planned.leavesCard[nth] ?? null;
    if (afterMs !== null) this.world.scheduler.after(afterMs, () => this.world.press(terminalId));
  }

  private act({ confirms, flightMs, isRefused, pressesAfterMs }: PlannedGuest, code: { terminalId: string; payload: string; endsAtMs: number }): void {
    const { scheduler, books } = this.world;
    const now = scheduler.nowMs();
    if (pressesAfterMs !== null) scheduler.after(pressesAfterMs, () => this.world.press(code.terminalId));
    if (!confirms) return;
    const atMs = confirms.from === 'seen' ? now + confirms.afterMs : code.endsAtMs + confirms.afterMs;
    scheduler.after(atMs - now, () => {
      const qrId = books.begin(code.payload);
      if (qrId === null) return;
      this.underWay += 1;
      scheduler.after(flightMs, () => {
        this.underWay -= 1;
        books.settle(qrId, isRefused);
      });
    });
  }
}

/** The bank's own words about a code, as it would notify. */
export function wordsOf({ orderId, qrId, amountMinor, transactionId }: Pick<BookedQr, 'orderId' | 'qrId' | 'amountMinor' | 'transactionId'>): string {
  return JSON.stringify({ orderId, qrId, status: { kind: 'paid', amountMinor, transactionId } });
}
