import { Rejected } from '@kkm/core';
import type { SbpNotificationRequest } from '@kkm/core';
import type { MemoryLedgerStore } from '@kkm/flow/testing';
import type { Auditor } from './auditor';
import type { Plan } from './plan';
import type { SbpAudit } from './sbp-audit';
import { SbpBooks } from './sbp-books';
import type { BookedQr } from './sbp-books';
import type { PlannedBankFault, SbpPlan } from './sbp-plan';
import type { Scheduler } from './scheduler';
import { Seeded } from './seeded';
import { SimGuests, wordsOf } from './sim-guests';
import type { SimGateway } from './sim-gateway';
import { BankLine, signatureOf } from './sim-sbp-bank';
import { siteId } from './sim-worker';

/** What the bank of SBP and its guests live in. */
export interface SbpWorld {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly store: MemoryLedgerStore;
  readonly auditor: Auditor;
  readonly happened: string[];
  /** Where the bank's notifications enter; null while nobody is there. */
  readonly gateway: SimGateway | null;
  press(terminalId: string): void;
}

/** The bank of SBP, its guests, its troubles, and who holds them against the ledger. */
export class SimSbp {
  readonly books: SbpBooks;
  readonly line: BankLine;
  readonly audit: SbpAudit;
  private readonly guests: SimGuests;
  private readonly due: Set<PlannedBankFault>;

  constructor(
    private readonly planned: SbpPlan,
    private readonly world: SbpWorld,
  ) {
    const { scheduler, auditor, store, plan } = world;
    this.due = new Set(planned.faults);
    this.books = new SbpBooks(scheduler, planned, {
      created: (qr) => this.audit.created(qr),
      paid: (qr) => this.paid(qr),
      refunded: (refund) => this.audit.refunded(refund),
    });
    this.line = new BankLine(this.books, { scheduler, random: new Seeded(plan.seed + 7_000_003) });
    this.audit = auditor.watchSbp(this.books, siteId);
    this.guests = new SimGuests({
      plan,
      scheduler,
      books: this.books,
      whose: (payload) => {
        const attempt = [...store.books.attempts.values()].find(({ shown }) => shown.qr?.payload === payload);
        const orderId = this.orderOf(attempt?.shown.id);
        return attempt?.shown.qr && orderId !== null ? { orderId, endsAtMs: Date.parse(attempt.shown.qr.expiresAt) } : null;
      },
      orderAt: (terminalId) => this.orderOf(store.books.occupant(siteId, terminalId)?.attemptId),
      press: (terminalId) => world.press(terminalId),
    });
  }

  /** Puts the bank's troubles into the calendar. */
  begin(): void {
    for (const fault of this.due) this.world.scheduler.after(fault.atMs, () => this.strike(fault));
  }

  /** Ends everything that is broken at the bank. */
  heal(): void {
    this.due.clear();
    this.line.faults.length = 0;
    Object.assign(this.books, { ignoresCancels: false, declinesRefunds: false, refundMs: 0 });
  }

  /** A terminal shows something else than before. */
  shown(terminalId: string, payload: string | null): void {
    this.audit.shown(terminalId, payload);
    this.guests.see(terminalId, payload);
  }

  /** A terminal begins to ask for a card. */
  asked(terminalId: string): void {
    this.guests.asked(terminalId);
  }

  /** Whether the ledger knows all that the bank did, and no guest's money is under way, except for what is to come in the night. */
  isAtRest(isNightAhead: boolean): boolean {
    return (isNightAhead || this.guests.underWay === 0) && this.audit.isKnown();
  }

  private orderOf(attemptId: string | undefined): string | null {
    const { heads, paymentOf } = this.world.store.books;
    return heads.get(paymentOf.get(attemptId ?? '') ?? '')?.shown.orderId ?? null;
  }

  private paid(qr: BookedQr): void {
    this.audit.paid(qr);
    const { tells } = this.planned;
    const body = wordsOf(qr);
    for (let n = 0; tells && n < tells.times; n += 1)
      this.world.scheduler.after(tells.afterMs + n * 2_000, () => void this.notify({ body, signature: signatureOf(body) }));
  }

  /** Whether the ledger took it for the bank's word. */
  private async notify({ body, signature }: { readonly body: string; readonly signature: string }): Promise<boolean> {
    const request: SbpNotificationRequest = { bank: 'raiffeisen', siteId, headers: { 'x-signature': signature }, body };
    try {
      return (await this.world.gateway?.notified(request))?.kind === 'heard';
    } catch (error) {
      if (error instanceof Rejected && error.code !== 'sbp.signature_invalid') throw error;
      return false;
    }
  }

  private strike(fault: PlannedBankFault): void {
    if (!this.due.delete(fault)) return;
    const { scheduler, happened, auditor } = this.world;
    const { books } = this;
    happened.push(fault.kind === 'call' ? `bank ${fault.fault.how}` : fault.kind === 'behaviour' ? fault.what : fault.kind);
    scheduler.mark(fault.kind);
    switch (fault.kind) {
      case 'call':
        return void this.line.faults.push({ ...fault.fault, untilMs: scheduler.nowMs() + fault.forMs });
      case 'behaviour': {
        const member = { 'cancel-ignored': 'ignoresCancels', 'refund-declined': 'declinesRefunds', 'refund-slow': 'refundMs' } as const;
        const set = (on: boolean): void => void Object.assign(books, { [member[fault.what]]: fault.what === 'refund-slow' ? (on ? 20_000 : 0) : on });
        set(true);
        scheduler.after(fault.forMs, () => set(false));
        return;
      }
      case 'forged':
        for (const qr of books.qrs.filter((other) => books.isPayable(other))) {
          const body = wordsOf({ ...qr, transactionId: `F${qr.qrId}` });
          void this.notify({ body, signature: signatureOf('another body') }).then((heard) =>
            auditor.holds(!heard, `a forged word about ${qr.orderId} was heard`),
          );
        }
    }
  }
}
