import { isFinalAttempt } from '@kkm/core';
import type { AttemptStatus, QrAnswer, QrRequest } from '@kkm/core';
import type { AttemptRecord, Change } from '@kkm/flow/ledger';
import type { MemoryLedgerStore } from '@kkm/flow/testing';
import type { BookedQr, BookedRefund, SbpBooks } from './sbp-books';

/** What the audit of SBP is told by the one it works for. */
export interface SbpAuditHost {
  readonly store: MemoryLedgerStore;
  nowMs(): number;
  must(holds: boolean, what: string): void;
  /** The truth about a payment has changed. */
  checkVerdict(paymentId: string): void;
  /** How many charges of a payment's attempts stand at the terminals' bank. */
  cardCharges(attemptIds: readonly string[]): number;
  siteId: string;
}

const notCharged: readonly AttemptStatus[] = ['declined', 'cancelled', 'failed', 'expired', 'withdrawn'];

/** Holds codes, screens and the SBP bank's books against the ledger's. */
export class SbpAudit {
  /** What happened, for the report. */
  readonly said: string[] = [];
  private readonly onScreen = new Map<string, string>();

  constructor(
    private readonly host: SbpAuditHost,
    readonly books: SbpBooks,
  ) {}

  /** The bank made a code. */
  created({ orderId }: BookedQr): void {
    const { must } = this.host;
    const { store } = this.host;
    this.said.push('created');
    const attempt = this.attempt(orderId);
    must(this.books.of(orderId).length === 1, `${orderId} has ${this.books.of(orderId).length} codes at the bank`);
    if (!attempt?.qr) return must(false, `the bank made a code for ${orderId}, which nobody knows`);
    must(attempt.qr.stage !== 'planned', `a code was asked for before it was written down that ${orderId} asks`);
    // Whoever stood still while it was given up may ask in the end: nobody will ever see that code.
    if (attempt.qr.stage === 'lost') return;
    const open = (store.books.record(store.books.paymentOf.get(orderId) ?? '')?.attempts ?? []).find(
      ({ shown }) => shown.operation === 'sale' && shown.id !== orderId && !isFinalAttempt(shown.status),
    );
    must(open === undefined, `a code was made for ${orderId} while ${open?.shown.id ?? ''} can still charge the guest`);
  }

  /** The ledger answers a worker that shows, or wants to show, a code. */
  answered(request: QrRequest, answer: QrAnswer): void {
    const { must, store } = this.host;
    const { attemptId } = request;
    const attempt = this.attempt(attemptId);
    if (answer.kind === 'show') {
      must(attempt?.shown.qr?.payload === answer.qr.payload, `the code of ${attemptId} was told before it was written down`);
      const permit = store.books.permits.get(attemptId);
      must(permit?.nonce === request.nonce && permit.workerId === request.workerId, `the code of ${attemptId} was told to a worker without its permit`);
      // A window has its end; who is told much more shows a code that nobody watches.
      must(answer.forMs <= 900_000, `the code of ${attemptId} is to be shown for ever`);
    }
    if (answer.kind !== 'ended') return;
    const occupant = store.books.occupant(this.host.siteId, request.terminalId);
    const holds = occupant?.attemptId === attemptId && (occupant.leaseUntilMs ?? 0) > this.host.nowMs();
    must(!holds, `the display of ${attemptId} has ended and it keeps its terminal`);
  }

  /** A terminal shows something else than before. */
  shown(terminalId: string, payload: string | null): void {
    const { must, store } = this.host;
    if (payload === null) return void this.onScreen.delete(terminalId);
    this.said.push('shown');
    const attempt = [...store.books.attempts.values()].find(({ shown }) => shown.qr?.payload === payload);
    must(attempt !== undefined, `${terminalId} shows a code that is not written down`);
    must(!attempt || attempt.shown.terminalId === terminalId, `${terminalId} shows the code of ${attempt?.shown.terminalId ?? ''}`);
    must(
      [...this.onScreen].every(([other, text]) => other === terminalId || text !== payload),
      `the code of ${attempt?.shown.id ?? ''} is shown at two terminals`,
    );
    this.onScreen.set(terminalId, payload);
  }

  /** The bank took the money of a code. */
  paid({ orderId, overtook }: BookedQr): void {
    this.said.push(overtook ? 'paid late' : 'paid');
    const { must, store } = this.host;
    const attempt = this.attempt(orderId);
    if (!attempt) return must(false, `the bank was paid for ${orderId}, which nobody knows`);
    const paymentId = store.books.paymentOf.get(orderId) ?? '';
    if (!overtook) {
      must(!notCharged.includes(attempt.shown.status), `the guest paid ${orderId}, which is ${attempt.shown.status}`);
      const ids = (store.books.record(paymentId)?.attempts ?? []).map(({ shown }) => shown.id);
      const cards = this.host.cardCharges(ids);
      const charges = this.standingOf(ids) + cards;
      must(charges <= 1, `the guest was charged ${charges} times for ${paymentId}${cards > 0 ? ' over both paths' : ''}`);
    }
    this.host.checkVerdict(paymentId);
  }

  /** The bank gave money back. */
  refunded({ refundId, orderId, amountMinor }: BookedRefund): void {
    this.said.push('refunded');
    const { must } = this.host;
    const attempt = this.attempt(refundId);
    if (!attempt?.original) return must(false, `the bank gave back money of ${orderId} under ${refundId}, which nobody asked for`);
    must(attempt.original.attemptId === orderId, `${refundId} gave back another charge than the one it names`);
    must(attempt.shown.amount === amountMinor, `${refundId} gave back ${amountMinor} instead of ${attempt.shown.amount}`);
    must(attempt.moneyPath === 'bank_qr', `${refundId} gave back at the bank what a terminal took`);
    must(['queued', 'granted', 'unknown'].includes(attempt.shown.status), `the bank gave back ${refundId}, which is ${attempt.shown.status}`);
  }

  /** An attempt of a code has ended. */
  ended(attemptId: string, status: AttemptStatus): void {
    if (!notCharged.includes(status)) return;
    const { must } = this.host;
    const attempt = this.attempt(attemptId);
    for (const qr of this.books.of(attemptId)) {
      must(qr.state !== 'paid' || qr.overtook, `${attemptId} is ${status}, but the SBP bank has the money`);
      // A code of which nobody was told may stay alive.
      must(!attempt?.shown.qr || !this.books.isPayable(qr), `${attemptId} is ${status}, but its code can still be paid`);
    }
  }

  /** A change was written. */
  saved({ added, next }: Change): void {
    if (added?.shown.operation !== 'sale') return;
    const earlier = next.attempts.filter(({ shown }) => shown.id !== added.shown.id);
    const ids = earlier.map(({ shown }) => shown.id);
    this.host.must(this.host.cardCharges(ids) + this.standingOf(ids) === 0, `${next.shown.id} has a further attempt although its guest was charged`);
    const { status, reason } = earlier.at(-1)?.shown ?? {};
    if (added.ledgerSends && status === 'cancelled' && reason === 'customer_cancelled') this.said.push(`left for ${added.shown.method}`);
    for (const { shown, moneyPath } of earlier) {
      if (moneyPath !== 'bank_qr' || !shown.qr) continue;
      for (const qr of this.books.of(shown.id))
        this.host.must(!this.books.isPayable(qr), `${next.shown.id} has a further attempt while the code of ${shown.id} can be paid`);
    }
  }

  /** How many codes of these attempts are paid, and not given back. */
  standingOf(attemptIds: readonly string[]): number {
    return attemptIds.flatMap((id) => this.books.of(id)).filter((qr) => qr.state === 'paid' && !qr.overtook && this.left(qr) > 0).length;
  }

  /** What the bank holds for an attempt and the ledger can know of: money that overtook the bank's own word is known once it is told. */
  heldFor(attemptId: string): number {
    const isTold = [...this.host.store.books.charges.values()].some((charge) => charge.attemptId === attemptId);
    return this.books.of(attemptId).reduce((sum, qr) => sum + (qr.state === 'paid' && (isTold || !qr.overtook) ? this.left(qr) : 0), 0);
  }

  /** Whether the ledger knows of all the money, and of all that was given back. */
  isKnown(): boolean {
    const charged = new Set([...this.host.store.books.charges.values()].map(({ attemptId }) => attemptId));
    return this.books.qrs.every(({ state, orderId }) => state !== 'paid' || charged.has(orderId));
  }

  private left({ orderId, amountMinor }: BookedQr): number {
    return amountMinor - this.books.refundedOf(orderId);
  }

  private attempt(attemptId: string): AttemptRecord | undefined {
    const { books } = this.host.store;
    const attempt = books.attempts.get(attemptId);
    return attempt && { ...attempt, qr: books.qrs.find(attemptId) };
  }
}
