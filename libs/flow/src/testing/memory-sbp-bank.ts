import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import type { SbpBankName } from '@kkm/core';
import type { CreatedQr, QrAtBank, RefundAtBank, SbpBank, SbpBanks, SbpNotification, SbpOrder, SbpQrName, SbpRefund } from '../ledger/sbp/sbp-bank';

/** What goes wrong with the next call. `lost`: it is done, and no answer comes. `down`: nothing reached the bank. `refused`: the bank says no. */
export type BankFault = 'lost' | 'down' | 'refused';

/** A bank in memory that does what it is told, with its own books. */
export class MemorySbpBank implements SbpBank {
  readonly created: SbpOrder[] = [];
  readonly calls: string[] = [];
  readonly refunds = new Map<string, SbpRefund>();
  readonly notificationReply = 'OK';
  /** Faults of the next calls, by call. */
  readonly faults = new Map<'create' | 'status' | 'cancel' | 'refund', BankFault[]>();
  /** Codes by order. */
  readonly qrs = new Map<string, QrAtBank>();
  /** Done before an answer is given: what else happens meanwhile. */
  meanwhile: (call: string) => Promise<void> = () => Promise.resolve();

  /** All sites have this bank. */
  banks(name: SbpBankName = 'raiffeisen'): SbpBanks {
    return { active: () => Promise.resolve(name), of: (_siteId, asked) => Promise.resolve(asked === name ? this : null) };
  }

  /** The next calls meet these faults, in order. */
  fail(call: 'create' | 'status' | 'cancel' | 'refund', ...faults: BankFault[]): void {
    this.faults.set(call, [...(this.faults.get(call) ?? []), ...faults]);
  }

  /** A guest pays. */
  pay(orderId: string, amountMinor = 15_000): void {
    this.qrs.set(orderId, { kind: 'paid', amountMinor, transactionId: `tx-${orderId}` });
  }

  create(order: SbpOrder): Promise<CreatedQr> {
    return this.call('create', () => {
      this.created.push(order);
      this.qrs.set(order.orderId, { kind: 'live' });
      return { qrId: `qr-${order.orderId}`, payload: `https://qr.nspk.ru/${order.orderId}`, expiresAtMs: order.expiresAtMs };
    });
  }

  status({ orderId }: SbpQrName): Promise<QrAtBank> {
    return this.call('status', () => {
      const qr = this.qrs.get(orderId);
      if (!qr) throw new Rejected('sbp.refused', { detail: 'ERROR.NOT_FOUND' });
      return qr;
    });
  }

  async cancel({ orderId }: SbpQrName): Promise<void> {
    await this.call('cancel', () => {
      if (this.qrs.get(orderId)?.kind === 'live') this.qrs.set(orderId, { kind: 'cancelled' });
    });
  }

  refund(refund: SbpRefund): Promise<RefundAtBank> {
    return this.call('refund', () => {
      this.refunds.set(refund.refundId, refund);
      return { kind: 'done', amountMinor: refund.amountMinor, transactionId: `refund-${refund.refundId}` };
    });
  }

  refundStatus({ refundId, amountMinor }: SbpRefund): Promise<RefundAtBank> {
    const known = this.refunds.has(refundId);
    return Promise.resolve(known ? { kind: 'done', amountMinor, transactionId: `refund-${refundId}` } : { kind: 'unknown' });
  }

  /** A body `signed <order> <status> <amount>`; anything else is not the bank's. */
  readNotification(_headers: Readonly<Record<string, string>>, body: string): SbpNotification {
    const [, orderId = '', status, amount] = /^signed (\S+) (\S+) (\d+)$/.exec(body) ?? [];
    if (orderId === '') throw new Rejected('sbp.signature_invalid');
    const paid = { kind: 'paid', amountMinor: Number(amount), transactionId: `tx-${orderId}` } as const;
    return { orderId, qrId: null, status: status === 'SUCCESS' ? paid : { kind: 'paying' } };
  }

  private async call<A>(name: 'create' | 'status' | 'cancel' | 'refund', work: () => A): Promise<A> {
    this.calls.push(name);
    const fault = this.faults.get(name)?.shift() ?? null;
    if (fault === 'down') throw new Unavailable('sbp.bank_unavailable');
    if (fault === 'refused') throw new Rejected('sbp.refused', { detail: 'ERROR.INVALID_REQUEST' });
    const answer = work();
    await this.meanwhile(name);
    if (fault === 'lost') throw new Indeterminate('sbp.no_answer');
    return answer;
  }
}
