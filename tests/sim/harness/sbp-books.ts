/** A QR in the books of the bank that SBP money moves at. */
export interface BookedQr {
  readonly orderId: string;
  readonly qrId: string;
  readonly payload: string;
  readonly amountMinor: number;
  readonly expiresAtMs: number;
  readonly state: 'live' | 'paid' | 'cancelled' | 'declined';
  /** A guest has confirmed it and the money is under way: then neither cancel nor expiry is the last word. */
  readonly underWay: boolean;
  /** It was paid after the bank had called it cancelled or expired. */
  readonly overtook: boolean;
  readonly transactionId: string | null;
}

/** Money that the bank gave back. */
export interface BookedRefund {
  readonly refundId: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly doneAtMs: number;
  readonly declined: boolean;
}

/** What the books tell of. */
export interface BooksWatch {
  created(qr: BookedQr): void;
  paid(qr: BookedQr): void;
  refunded(refund: BookedRefund): void;
}

/** How the bank keeps its word. */
export interface BankHabits {
  /** It says that a payment is under way; otherwise the code looks as if nobody had scanned it. */
  readonly tellsUnderWay: boolean;
  /** It cancels a code although a payment is under way, which then overtakes. */
  readonly cancelsUnderWay: boolean;
}

/** The oracle for SBP money: what the bank made, took and gave back, whatever its answers said. */
export class SbpBooks {
  readonly qrs: BookedQr[] = [];
  readonly refunds: BookedRefund[] = [];
  /** Cancels are answered and not done. */
  ignoresCancels = false;
  /** Refunds that begin now are declined. */
  declinesRefunds = false;
  /** How long refunds that begin now are worked on. */
  refundMs = 0;

  constructor(
    private readonly world: { nowMs(): number },
    private readonly habits: BankHabits,
    private readonly watch: BooksWatch,
  ) {}

  /** Makes a code. An order that was not paid yet may be registered again, and then has two. Null: the order was paid. */
  create(order: { readonly orderId: string; readonly amountMinor: number; readonly expiresAtMs: number }): BookedQr | null {
    if (this.of(order.orderId).some(({ state }) => state === 'paid')) return null;
    const qrId = `AD10${String(this.qrs.length + 1).padStart(8, '0')}`;
    const payload = `https://qr.nspk.ru/${qrId}?type=02&bank=100000000007&cur=RUB`;
    const { orderId, amountMinor, expiresAtMs } = order;
    const qr: BookedQr = { orderId, qrId, payload, amountMinor, expiresAtMs, state: 'live', underWay: false, overtook: false, transactionId: null };
    this.qrs.push(qr);
    this.watch.created(qr);
    return qr;
  }

  /** The codes of an order. */
  of(orderId: string): readonly BookedQr[] {
    return this.qrs.filter((qr) => qr.orderId === orderId);
  }

  /** Whether somebody could still begin to pay it, or has begun and the bank has not called it off. */
  isPayable({ state, expiresAtMs, underWay }: BookedQr): boolean {
    return state === 'live' && (this.world.nowMs() < expiresAtMs || (underWay && !this.habits.cancelsUnderWay));
  }

  /** What the bank says of a code. */
  status(qrId: string): 'live' | 'paying' | 'expired' | 'paid' | 'cancelled' | 'declined' {
    const qr = this.find(qrId);
    if (qr.state !== 'live') return qr.state;
    if (!this.isPayable(qr)) return 'expired';
    return qr.underWay && (this.habits.tellsUnderWay || !this.habits.cancelsUnderWay) ? 'paying' : 'live';
  }

  /** Somebody asks to call it off. */
  cancel(qrId: string): void {
    const { state, underWay } = this.find(qrId);
    if (state !== 'live' || this.ignoresCancels || (underWay && !this.habits.cancelsUnderWay)) return;
    this.change(qrId, { state: 'cancelled' });
  }

  /** A guest confirms the payment of a scanned code; false when the bank does not take it any more. */
  begin(payload: string): string | null {
    const qr = this.qrs.find((other) => other.payload === payload);
    if (!qr || qr.underWay || !this.isPayable(qr)) return null;
    this.change(qr.qrId, { underWay: true });
    return qr.qrId;
  }

  /** The money of a payment under way arrives, or the guest's bank refuses it. */
  settle(qrId: string, isRefused: boolean): void {
    const qr = this.find(qrId);
    const { state, underWay } = qr;
    if (!underWay || state === 'paid') return;
    if (isRefused) return this.change(qrId, { underWay: false, ...(state === 'live' ? { state: 'declined' as const } : {}) });
    this.change(qrId, { state: 'paid', underWay: false, overtook: !this.isPayable(qr), transactionId: `T${qrId}` });
    this.watch.paid(this.find(qrId));
  }

  /** Gives money back, once for each refund id. Null: more than there is, or of nothing. */
  refund(asked: { readonly refundId: string; readonly orderId: string; readonly amountMinor: number }): BookedRefund | null {
    const known = this.refunds.find(({ refundId }) => refundId === asked.refundId);
    if (known) return known;
    const paid = this.of(asked.orderId).reduce((sum, { state, amountMinor }) => sum + (state === 'paid' ? amountMinor : 0), 0);
    if (this.refundedOf(asked.orderId) + asked.amountMinor > paid) return null;
    const { refundId, orderId, amountMinor } = asked;
    const refund: BookedRefund = { refundId, orderId, amountMinor, declined: this.declinesRefunds, doneAtMs: this.world.nowMs() + this.refundMs };
    this.refunds.push(refund);
    if (!refund.declined) this.watch.refunded(refund);
    return refund;
  }

  /** What the bank took for an order, given back since or not. */
  takenOf(orderId: string): readonly number[] {
    return this.of(orderId).flatMap(({ state, amountMinor }) => (state === 'paid' ? [amountMinor] : []));
  }

  /** What the bank gave back, or is giving back, of an order. */
  refundedOf(orderId: string): number {
    return this.refunds.reduce((sum, refund) => sum + (refund.orderId === orderId && !refund.declined ? refund.amountMinor : 0), 0);
  }

  /** The code of that number; it must be there. */
  find(qrId: string): BookedQr {
    const qr = this.qrs.find((other) => other.qrId === qrId);
    if (!qr) throw new RangeError(`The bank made no ${qrId}.`);
    return qr;
  }

  private change(qrId: string, changes: Partial<BookedQr>): void {
    const at = this.qrs.findIndex((qr) => qr.qrId === qrId);
    this.qrs[at] = { ...this.find(qrId), ...changes };
  }
}
