/* The SBP side of the fake bank, with the semantics of Raiffeisenbank's public interface (sbp.yaml, 2021) and no kinder than a real bank: a cancel can lose. */
import { check } from '@kkm/core';
import type { FakeBank } from './fake-bank';
import { FakeRefunds } from './fake-refunds';
import type { OrderName, RefundOrder, SbpRefundRow } from './fake-refunds';
import { qrIdOf, qrPayload } from './qr-payload';
import type { SbpAnswer } from './sbp-answer';

/** Where a QR stands at the bank. */
export type SbpQrStatus = 'NEW' | 'IN_PROGRESS' | 'PAID' | 'EXPIRED' | 'CANCELLED';

/** What is asked for: a dynamic QR of one amount. Orders are unique within a merchant. */
export interface SbpQrOrder {
  readonly merchantId: string;
  readonly order: string;
  readonly amountMinor: number;
  readonly expiresAtMs: number;
  readonly additionalInfo?: string | null;
}

/** A QR in the bank's books. */
export interface SbpQrRow extends SbpQrOrder {
  readonly qrId: string;
  readonly payload: string;
  readonly status: SbpQrStatus;
  readonly createdAtMs: number;
  /** The number of the payment in the books of {@link FakeBank}; null while it is not paid. */
  readonly transactionId: string | null;
  readonly paidAtMs: number | null;
  /** Where the guest scanned it; null when nobody did, or not from a terminal. */
  readonly terminalId: string | null;
}

/** What came of a guest's payment. */
export type GuestPayment =
  { readonly taken: true; readonly qr: SbpQrRow } | { readonly taken: false; readonly why: 'unknown' | 'paid' | 'paying' | 'cancelled' | 'expired' };

/** How a guest pays. */
export interface PayOptions {
  readonly terminalId?: string | null;
  /** The bank takes it although the QR is cancelled or expired: it was on its way already. */
  readonly late?: boolean;
}

/** How many QRs are kept; the oldest are forgotten then. */
const qrsMax = 100_000;

/** An SBP bank in memory. Its money is booked in {@link FakeBank}, where no terminal's own report sees it. No I/O, no clock of its own. */
export class FakeSbpBank {
  /** Returns of what was paid. */
  readonly refunds: FakeRefunds;
  private readonly rows = new Map<string, SbpQrRow>();
  private readonly byPayload = new Map<string, string>();
  private readonly byOrder = new Map<string, string[]>();
  /** Payments on their way, by QR. */
  private readonly inFlight = new Set<string>();
  private readonly listeners: ((qr: SbpQrRow) => void)[] = [];
  private lastNumber = 0;

  /** @param now milliseconds since 1970. */
  constructor(
    private readonly bank: FakeBank,
    private readonly now: () => number,
  ) {
    this.refunds = new FakeRefunds(bank, now, (order) => this.ofOrder(order).filter((qr) => qr.status === 'PAID'));
  }

  /** Makes a payable QR. An order that was paid is refused; one that was not gets a second QR, and both can be paid. */
  register(order: SbpQrOrder): SbpAnswer<SbpQrRow> {
    check(Number.isSafeInteger(order.amountMinor) && order.amountMinor > 0, 'a dynamic QR has an amount');
    const createdAtMs = this.now();
    if (order.expiresAtMs <= createdAtMs) return { done: false, code: 'QR_EXPIRATION_DATE_NOT_VALID' };
    if (this.ofOrder(order).some((qr) => qr.status === 'PAID')) return { done: false, code: 'ORDER_NUMBER_ALREADY_REGISTERED' };
    // Numbers follow the clock, so that a restarted bank does not give one out twice.
    this.lastNumber = Math.max(this.lastNumber + 1, createdAtMs);
    const qrId = qrIdOf(this.lastNumber);
    const payload = qrPayload(qrId, order.amountMinor);
    const qr: SbpQrRow = { ...order, qrId, payload, status: 'NEW', createdAtMs, transactionId: null, paidAtMs: null, terminalId: null };
    this.rows.set(qrId, qr);
    this.byPayload.set(payload, qrId);
    this.byOrder.set(orderKey(order), [...(this.byOrder.get(orderKey(order)) ?? []), qrId]);
    this.forgetOldest();
    return { done: true, value: qr };
  }

  /** A QR by its id or its payload as it stands now; null when the bank does not know it. */
  find(name: string): SbpQrRow | null {
    const row = this.rows.get(this.byPayload.get(name) ?? name);
    if (!row) return null;
    const expired = row.status === 'NEW' && this.now() >= row.expiresAtMs;
    return expired ? this.keep({ ...row, status: 'EXPIRED' }) : row;
  }

  /** All QRs, oldest first. */
  qrs(): readonly SbpQrRow[] {
    return [...this.rows.keys()].flatMap((qrId) => this.find(qrId) ?? []);
  }

  /** Cancels a QR that is not paid. The answer of an unpaid one is the same whether or not a payment is on its way, and such a payment still arrives. */
  cancel(qrId: string): SbpAnswer<SbpQrRow> {
    const qr = this.find(qrId);
    if (!qr) return { done: false, code: 'NOT_FOUND' };
    if (qr.status === 'PAID') return { done: false, code: 'INVALID_REQUEST' };
    return { done: true, value: qr.status === 'EXPIRED' ? qr : this.keep({ ...qr, status: 'CANCELLED' }) };
  }

  /** The guest confirms in the bank's app: from here on the payment is on its way, whatever becomes of the QR. */
  begin(name: string, { terminalId = null, late = false }: PayOptions = {}): GuestPayment {
    const qr = this.find(name);
    if (!qr) return { taken: false, why: 'unknown' };
    if (qr.status === 'PAID') return { taken: false, why: 'paid' };
    if (this.inFlight.has(qr.qrId)) return { taken: false, why: 'paying' };
    if (!late && qr.status === 'CANCELLED') return { taken: false, why: 'cancelled' };
    if (!late && qr.status === 'EXPIRED') return { taken: false, why: 'expired' };
    this.inFlight.add(qr.qrId);
    return { taken: true, qr: this.keep({ ...qr, terminalId, status: qr.status === 'NEW' ? 'IN_PROGRESS' : qr.status }) };
  }

  /** The money of a begun payment arrives: the QR is paid, also when it was cancelled or has expired meanwhile. */
  complete(name: string): GuestPayment {
    const qr = this.find(name);
    if (!qr || !this.inFlight.delete(qr.qrId)) return { taken: false, why: qr?.status === 'PAID' ? 'paid' : 'unknown' };
    const { rrn } = this.bank.sbpSale({ terminalId: qr.terminalId, amountMinor: qr.amountMinor, order: qr.order });
    const paid = this.keep({ ...qr, status: 'PAID', transactionId: rrn, paidAtMs: this.now() });
    for (const listener of this.listeners) listener(paid);
    return { taken: true, qr: paid };
  }

  /** A guest pays, from beginning to end. */
  pay(name: string, options: PayOptions = {}): GuestPayment {
    const begun = this.begin(name, options);
    return begun.taken ? this.complete(begun.qr.qrId) : begun;
  }

  /** Gives money back, once per refund id; see {@link FakeRefunds.ask}. */
  refund(order: RefundOrder): SbpAnswer<SbpRefundRow> {
    return this.refunds.ask(order);
  }

  /** Tells of every payment that arrives. */
  onPaid(listener: (qr: SbpQrRow) => void): void {
    this.listeners.push(listener);
  }

  /** QRs of an order, oldest first. */
  private ofOrder(order: OrderName): readonly SbpQrRow[] {
    return (this.byOrder.get(orderKey(order)) ?? []).flatMap((qrId) => this.find(qrId) ?? []);
  }

  private keep(qr: SbpQrRow): SbpQrRow {
    this.rows.set(qr.qrId, qr);
    return qr;
  }

  private forgetOldest(): void {
    const [oldest] = this.rows.size > qrsMax ? this.rows.values() : [];
    if (!oldest) return;
    this.rows.delete(oldest.qrId);
    this.byPayload.delete(oldest.payload);
    this.byOrder.delete(orderKey(oldest));
  }
}

function orderKey({ merchantId, order }: OrderName): string {
  return `${merchantId}/${order}`;
}
