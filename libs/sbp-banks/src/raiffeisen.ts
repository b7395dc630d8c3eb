import { check, Rejected } from '@kkm/core';
import type { CreatedQr, QrAtBank, RefundAtBank, SbpBank, SbpNotification, SbpOrder, SbpQrName, SbpRefund } from '@kkm/flow/ledger';
import type { z } from 'zod';
import { callDeadline, notUnderstood, parsedAnswer, refusal } from './bank-answers';
import type { RequestKind } from './bank-answers';
import type { BankCalls, BankRequest } from './bank-calls';
import type { BankContract } from './bank-contract';
import { coded, notification, paymentInfo, qrState, refundState, registeredQr } from './raiffeisen.contract';
import { bankTime, roublesOf, writings } from './roubles';
import { hmacSha256, isSameDigest, readBody } from './signatures';

/** What an order and a refund may be named. */
const namePattern = /^[A-Za-z0-9_.-]{1,40}$/;

/**
 * Raiffeisenbank's SBP interface, after the public `sbp.yaml` of Raiffeisen-DGTL/ecom-API (2021, commit fa268f1).
 * The secret is the bearer of all calls but `register`, and the key of notifications. Subscriptions and static QRs are not used.
 */
export class Raiffeisen implements SbpBank {
  /** The bank wants HTTP 200; the text is not looked at. */
  readonly notificationReply = '';

  constructor(
    private readonly contract: BankContract,
    private readonly calls: BankCalls,
  ) {}

  async create(order: SbpOrder): Promise<CreatedQr> {
    check(namePattern.test(order.orderId), 'an order of this bank has 1 to 40 characters');
    const body = {
      qrType: 'QRDynamic',
      sbpMerchantId: this.contract.merchantId,
      order: order.orderId,
      amount: roublesOf(order.amountMinor),
      currency: order.currency,
      additionalInfo: order.purpose,
      qrExpirationDate: bankTime(order.expiresAtMs),
    };
    const { qrId, payload } = await this.call({ method: 'POST', path: '/sbp/v1/qr/register', body, isOpen: true }, registeredQr, 'act');
    return { qrId, payload, expiresAtMs: null };
  }

  async status(qr: SbpQrName): Promise<QrAtBank> {
    const deadline = callDeadline();
    const { qrStatus } = await this.call({ method: 'GET', path: `/sbp/v2/qrs/${encodeURIComponent(qr.qrId)}`, deadline }, qrState, 'ask');
    switch (qrStatus) {
      case 'NEW':
        return { kind: 'live' };
      case 'IN_PROGRESS':
        return { kind: 'paying' };
      case 'EXPIRED':
        return { kind: 'expired' };
      case 'CANCELLED':
        return { kind: 'cancelled' };
      case 'PAID':
        return this.payment(qr, deadline);
    }
  }

  async cancel({ qrId }: SbpQrName): Promise<void> {
    const { status, body } = await this.reach({ method: 'DELETE', path: `/sbp/v2/qrs/${encodeURIComponent(qrId)}` });
    // Its 200 has no body to speak of.
    refuseCoded(status, body);
    if (status < 200 || status >= 300) throw notUnderstood(status, 'act');
  }

  async refund({ orderId, refundId, amountMinor }: SbpRefund): Promise<RefundAtBank> {
    check(namePattern.test(refundId), 'a refund of this bank has 1 to 40 characters');
    const body = { order: orderId, refundId, amount: roublesOf(amountMinor) };
    return refundFrom(await this.call({ method: 'POST', path: '/sbp/v1/refund', body }, refundState, 'act'));
  }

  async refundStatus({ refundId }: SbpRefund): Promise<RefundAtBank> {
    try {
      return refundFrom(await this.call({ method: 'GET', path: `/sbp/v1/refund/${encodeURIComponent(refundId)}` }, refundState, 'ask'));
    } catch (error) {
      // By its own code only: a "not found" of something in between says nothing about the refund.
      if (error instanceof Rejected && (error.detail === 'ERROR.REFUND_NOT_FOUND' || error.detail === 'ERROR.NOT_FOUND')) return { kind: 'unknown' };
      throw error;
    }
  }

  readNotification(headers: Readonly<Record<string, string>>, body: string): SbpNotification {
    const signature = headers['x-api-signature-sha256'];
    if (signature === undefined) throw new Rejected('sbp.signature_invalid');
    const { amount, sbpMerchantId, order, paymentStatus, transactionDate, qrId, transactionId } = readBody(notification, body);
    const rest = [sbpMerchantId, order, paymentStatus, transactionDate].join('|');
    const isSigned = writings(amount).some((written) => isSameDigest(hmacSha256(this.contract.secret, `${written}|${rest}`), signature));
    if (!isSigned || sbpMerchantId !== this.contract.merchantId) throw new Rejected('sbp.signature_invalid');
    const paid = { kind: 'paid', amountMinor: amount, transactionId: transactionId ?? null } as const;
    return { orderId: order, qrId: qrId ?? null, status: paymentStatus === 'SUCCESS' ? paid : { kind: 'paying' } };
  }

  /** The bank says paid; how much, and by which transaction, it says elsewhere. Until it does, the payment is under way. */
  private async payment({ orderId, qrId }: SbpQrName, deadline: AbortSignal): Promise<QrAtBank> {
    const path = `/sbp/v1/qr/${encodeURIComponent(qrId)}/payment-info`;
    const { amount, order, paymentStatus, transactionId } = await this.call({ method: 'GET', path, deadline }, paymentInfo, 'ask');
    if (order !== orderId || paymentStatus !== 'SUCCESS') return { kind: 'paying' };
    return { kind: 'paid', amountMinor: amount, transactionId: transactionId ?? null };
  }

  private async call<Answer>(asked: Asked, schema: z.ZodType<Answer>, kind: RequestKind): Promise<Answer> {
    const reply = await this.reach(asked);
    refuseCoded(reply.status, reply.body);
    return parsedAnswer(schema, reply, kind);
  }

  private reach({ method, path, body, isOpen = false, deadline = callDeadline() }: Asked): ReturnType<BankCalls['send']> {
    const headers = isOpen ? {} : { authorization: `Bearer ${this.contract.secret}` };
    return this.calls.send({ method, url: this.contract.baseUrl.replace(/\/+$/, '') + path, headers, deadline, ...(body ? { body } : {}) });
  }
}

/** What is asked of the bank. `isOpen`: without authorisation. */
interface Asked extends Pick<BankRequest, 'method' | 'body'> {
  readonly path: string;
  readonly isOpen?: boolean;
  readonly deadline?: AbortSignal;
}

/** A code other than success is the bank's "no", unless it failed itself or was asked too often. */
function refuseCoded(status: number, body: unknown): void {
  const { data } = coded.safeParse(body);
  if (data && data.code !== 'SUCCESS' && status < 500 && status !== 429) throw refusal(data.code);
}

function refundFrom({ amount, refundStatus }: z.infer<typeof refundState>): RefundAtBank {
  switch (refundStatus) {
    case 'COMPLETED':
      return { kind: 'done', amountMinor: amount, transactionId: null };
    case 'IN_PROGRESS':
      return { kind: 'working' };
    case 'DECLINED':
      return { kind: 'declined', message: null };
  }
}
