import { check, Rejected } from '@kkm/core';
import type { CreatedQr, QrAtBank, RefundAtBank, SbpBank, SbpNotification, SbpOrder, SbpQrName, SbpRefund } from '@kkm/flow/ledger';
import type { z } from 'zod';
import { callDeadline, notUnderstood, parsedAnswer, refusal } from './bank-answers';
import type { RequestKind } from './bank-answers';
import type { BankCalls } from './bank-calls';
import type { BankContract } from './bank-contract';
import { bankTime } from './roubles';
import { isSameDigest, readBody } from './signatures';
import { tkassaToken } from './tkassa-token';
import { answered, cancelled, notification, opened, paymentState, qrMade } from './tkassa.contract';

/** `OrderId` has at most 36 characters. */
const orderPattern = /^[A-Za-z0-9_.-]{1,36}$/;
/** "Internal error of the system": the only code of the list that does not say that nothing was done. */
const internalError = '9999';
/** Nobody has begun to pay: only then does a cancel not give money back. */
const unpaid: readonly string[] = ['NEW', 'FORM_SHOWED'];

/**
 * T-Kassa's e-acquiring, after its public documentation (developer.tbank.ru/eacq: Init, GetQr, GetState, Cancel, notifications, tokens, statuses).
 * Amounts are kopecks. Notifications go to the address set at the bank.
 *
 * Left out, because the documentation does not carry it:
 * - Partial refunds. `ExternalRequestId` of Cancel "does not work for operations by SBP", so nothing at the bank tells the repeat of a partial refund from a
 *   second one. The whole amount can be given back only once, whatever is repeated; only that is offered.
 * - A refund's own status. Where the payment stands tells of the one refund there can be; `GetQrState` has no described answer.
 */
export class Tkassa implements SbpBank {
  readonly notificationReply = 'OK';

  constructor(
    private readonly contract: BankContract,
    private readonly calls: BankCalls,
  ) {}

  async create(order: SbpOrder): Promise<CreatedQr> {
    check(orderPattern.test(order.orderId), 'an order of this bank has 1 to 36 characters');
    const deadline = callDeadline();
    const wanted = {
      OrderId: order.orderId,
      Amount: order.amountMinor,
      Description: order.purpose,
      PayType: 'O',
      RedirectDueDate: bankTime(order.expiresAtMs),
    };
    const { PaymentId } = await this.call({ method: 'Init', members: wanted, kind: 'act', deadline }, opened);
    const { Data } = await this.call({ method: 'GetQr', members: { PaymentId, DataType: 'PAYLOAD' }, kind: 'act', deadline }, qrMade);
    return { qrId: PaymentId, payload: Data, expiresAtMs: null };
  }

  async status(qr: SbpQrName): Promise<QrAtBank> {
    return statusFrom(await this.state(qr, callDeadline()), qr.qrId);
  }

  /** Asks how it stands first: the cancel of what was paid would be a refund. If the guest pays in between it is one, and the payment then reads as cancelled. */
  async cancel(qr: SbpQrName): Promise<void> {
    const deadline = callDeadline();
    const { Status } = await this.state(qr, deadline);
    if (unpaid.includes(Status)) await this.call({ method: 'Cancel', members: { PaymentId: qr.qrId }, kind: 'act', deadline }, cancelled);
  }

  async refund(refund: SbpRefund): Promise<RefundAtBank> {
    const deadline = callDeadline();
    const { Status, Amount } = await this.state(refund, deadline);
    if (Amount !== refund.amountMinor || Status === 'PARTIAL_REFUNDED') throw refusal('PARTIAL_REFUND_NOT_OFFERED');
    if (Status !== 'CONFIRMED') return refundFrom(Status, Amount, refund.qrId);
    const members = { PaymentId: refund.qrId, Amount: refund.amountMinor };
    const made = await this.call({ method: 'Cancel', members, kind: 'act', deadline }, cancelled);
    return refundFrom(made.Status, Amount, refund.qrId);
  }

  async refundStatus(refund: SbpRefund): Promise<RefundAtBank> {
    const { Status, Amount } = await this.state(refund, callDeadline());
    return refundFrom(Status, Amount, refund.qrId);
  }

  readNotification(_headers: Readonly<Record<string, string>>, body: string): SbpNotification {
    const said = readBody(notification, body);
    const { secret, merchantId } = this.contract;
    if (!isSameDigest(tkassaToken(said, secret), said.Token) || said.TerminalKey !== merchantId) throw new Rejected('sbp.signature_invalid');
    return { orderId: said.OrderId, qrId: said.PaymentId, status: said.Status === 'CONFIRMED' ? paidBy(said.Amount, said.PaymentId) : { kind: 'paying' } };
  }

  private async state({ orderId, qrId }: SbpQrName, deadline: AbortSignal): Promise<z.infer<typeof paymentState>> {
    const state = await this.call({ method: 'GetState', members: { PaymentId: qrId }, kind: 'ask', deadline }, paymentState);
    // Somebody else's payment says nothing about ours.
    if (state.OrderId !== orderId) throw notUnderstood(200, 'ask');
    return state;
  }

  private async call<Answer>({ method, members, kind, deadline }: Asked, schema: z.ZodType<Answer>): Promise<Answer> {
    const { merchantId, secret, baseUrl } = this.contract;
    const unsigned = { TerminalKey: merchantId, ...members };
    const body = { ...unsigned, Token: tkassaToken(unsigned, secret) };
    const reply = await this.calls.send({ method: 'POST', url: `${baseUrl.replace(/\/+$/, '')}/v2/${method}`, body, deadline });
    if (reply.status < 500 && reply.status !== 429) {
      const { data } = answered.safeParse(reply.body);
      if (data?.ErrorCode === internalError) throw notUnderstood(reply.status, kind);
      if (data && !data.Success) throw refusal(data.ErrorCode);
    }
    return parsedAnswer(schema, reply, kind);
  }
}

interface Asked {
  readonly method: 'Init' | 'GetQr' | 'GetState' | 'Cancel';
  readonly members: Readonly<Record<string, string | number>>;
  readonly kind: RequestKind;
  readonly deadline: AbortSignal;
}

function paidBy(amountMinor: number, transactionId: string): QrAtBank {
  return { kind: 'paid', amountMinor, transactionId };
}

/** How a QR stands by the state of its payment. What was wholly given back took nothing; a state that is not listed is under way, and asked about again. */
function statusFrom({ Status, Amount }: z.infer<typeof paymentState>, qrId: string): QrAtBank {
  switch (Status) {
    case 'NEW':
    case 'FORM_SHOWED':
      return { kind: 'live' };
    case 'CONFIRMED':
    case 'PARTIAL_REFUNDED':
      return paidBy(Amount, qrId);
    case 'CANCELED':
    case 'REVERSED':
    case 'REFUNDED':
      return { kind: 'cancelled' };
    case 'DEADLINE_EXPIRED':
    case 'ATTEMPTS_EXPIRED':
      return { kind: 'expired' };
    case 'REJECTED':
    case 'AUTH_FAIL':
      return { kind: 'declined', message: null };
    default:
      return { kind: 'paying' };
  }
}

/** How the refund of the whole amount stands by the state of its payment. `CONFIRMED`: none was made, or it did not succeed. */
function refundFrom(status: string, amountMinor: number, transactionId: string): RefundAtBank {
  switch (status) {
    case 'REFUNDED':
      return { kind: 'done', amountMinor, transactionId };
    case 'REFUNDING':
    case 'ASYNC_REFUNDING':
      return { kind: 'working' };
    case 'CONFIRMED':
      return { kind: 'unknown' };
    default:
      throw notUnderstood(200, 'ask');
  }
}
