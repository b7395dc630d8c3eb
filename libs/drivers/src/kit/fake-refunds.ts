import { check } from '@kkm/core';
import type { FakeBank } from './fake-bank';
import type { SbpAnswer } from './sbp-answer';

/** Where a refund stands at the bank. */
export type SbpRefundStatus = 'IN_PROGRESS' | 'COMPLETED' | 'DECLINED';

/** An order, which is unique within its merchant. */
export interface OrderName {
  readonly merchantId: string;
  readonly order: string;
}

/** What is asked to be given back. `refundId` is the bank's idempotency key. */
export interface RefundOrder extends OrderName {
  readonly refundId: string;
  readonly amountMinor: number;
  /** How it goes: `DECLINED` moves nothing; `{ slowAnswers }` says so many times that it is in progress before it is completed. Completed at once unless told otherwise. */
  readonly goes?: 'DECLINED' | { readonly slowAnswers: number };
}

/** A refund in the bank's books. */
export interface SbpRefundRow extends OrderName {
  readonly refundId: string;
  readonly amountMinor: number;
  readonly status: SbpRefundStatus;
  readonly createdAtMs: number;
  /** The number of the return in the books of {@link FakeBank}; null while nothing moved. */
  readonly transactionId: string | null;
}

/** A paid QR, as far as refunds depend on it. */
interface PaidQr {
  readonly amountMinor: number;
  readonly terminalId: string | null;
}

/** The refunds of an SBP bank: each id once, and never more than was paid. */
export class FakeRefunds {
  private readonly rows = new Map<string, { row: SbpRefundRow; slowAnswers: number }>();

  /** @param paid the paid QRs of an order. */
  constructor(
    private readonly bank: FakeBank,
    private readonly now: () => number,
    private readonly paid: (order: OrderName) => readonly PaidQr[],
  ) {}

  /** Gives money back. The same id again does nothing and says how that refund stands; with another order or amount it is refused. */
  ask({ goes, ...order }: RefundOrder): SbpAnswer<SbpRefundRow> {
    check(Number.isSafeInteger(order.amountMinor) && order.amountMinor > 0, 'a refund has an amount');
    const known = this.rows.get(keyOf(order));
    if (known) {
      const same = known.row.order === order.order && known.row.amountMinor === order.amountMinor;
      return same ? this.status(order.merchantId, order.refundId) : { done: false, code: 'INVALID_REQUEST' };
    }
    const paid = this.paid(order);
    const left = paid.reduce((sum, qr) => sum + qr.amountMinor, 0) - this.given(order);
    if (left < order.amountMinor) return { done: false, code: paid.length === 0 ? 'NOT_FOUND' : 'REFUND_INSUFFICIENT_FUNDS' };
    const row: SbpRefundRow = { ...order, status: goes === 'DECLINED' ? 'DECLINED' : 'IN_PROGRESS', createdAtMs: this.now(), transactionId: null };
    this.rows.set(keyOf(order), { row, slowAnswers: typeof goes === 'object' ? goes.slowAnswers : 0 });
    return this.status(order.merchantId, order.refundId);
  }

  /** How a refund stands. Asking lets a slow one go on. */
  status(merchantId: string, refundId: string): SbpAnswer<SbpRefundRow> {
    const known = this.rows.get(keyOf({ merchantId, refundId }));
    if (!known) return { done: false, code: 'REFUND_NOT_FOUND' };
    if (known.row.status === 'IN_PROGRESS' && known.slowAnswers === 0) known.row = this.completed(known.row);
    known.slowAnswers = Math.max(0, known.slowAnswers - 1);
    return { done: true, value: known.row };
  }

  /** Whether the refund was ever asked for. */
  has(merchantId: string, refundId: string): boolean {
    return this.rows.has(keyOf({ merchantId, refundId }));
  }

  /** All refunds, oldest first. Looking changes nothing. */
  all(): readonly SbpRefundRow[] {
    return [...this.rows.values()].map(({ row }) => row);
  }

  private completed(row: SbpRefundRow): SbpRefundRow {
    const terminalId = this.paid(row)[0]?.terminalId ?? null;
    const { rrn } = this.bank.sbpRefund({ terminalId, amountMinor: row.amountMinor, order: row.order });
    return { ...row, status: 'COMPLETED', transactionId: rrn };
  }

  /** What was given back of an order, or is about to be. */
  private given({ merchantId, order }: OrderName): number {
    const counted = this.all().filter((row) => row.merchantId === merchantId && row.order === order && row.status !== 'DECLINED');
    return counted.reduce((sum, row) => sum + row.amountMinor, 0);
  }
}

function keyOf({ merchantId, refundId }: { readonly merchantId: string; readonly refundId: string }): string {
  return `${merchantId}/${refundId}`;
}
