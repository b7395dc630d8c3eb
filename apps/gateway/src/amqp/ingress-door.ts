import { cancelRequested, ingressEnvelope, ingressTypes, paymentRequested, redoRequested, refundRequested } from '@kkm/contracts';
import type { IngressType } from '@kkm/contracts';
import { errorCatalogue, Rejected, Unavailable } from '@kkm/core';
import type { RejectedRequest } from '@kkm/core';
import type { Delivery, Disposition, Log } from '@kkm/messaging';
import { checked } from '../checked';
import type { Payments } from '../payments';

/** A message whose attributes are in order. */
interface Asked {
  readonly id: string;
  readonly type: IngressType;
  readonly siteId: string;
  readonly source: string;
  readonly data: unknown;
}

/** How a payment is named in `data`. */
interface PaymentName {
  readonly paymentId?: string | undefined;
  readonly siteId?: string | undefined;
  readonly orderId?: string | undefined;
}

/** Takes requests from `kkm.ingress`. What can never succeed is answered by `payment.rejected`, then parked; nothing is dropped. */
export class IngressDoor {
  constructor(
    private readonly payments: Payments,
    private readonly log: Log,
  ) {}

  /** Handles one message; its CloudEvent `id` is the idempotency key, so a redelivery is a replay. */
  async handle(delivery: Delivery): Promise<Disposition> {
    try {
      await this.obey(askedBy(delivery));
      return 'done';
    } catch (error) {
      // The same message is still being opened here: its redelivery overtook it.
      if (error instanceof Unavailable || (error instanceof Rejected && error.code === 'idempotency.in_progress')) return 'retry';
      if (error instanceof Rejected) return this.refuse(delivery, error);
      throw error;
    }
  }

  private async obey(asked: Asked): Promise<void> {
    switch (asked.type) {
      case 'icafecloud.payment.requested.v1':
        return this.take(asked);
      case 'icafecloud.redo.requested.v1':
        return this.redo(asked);
      case 'icafecloud.cancel.requested.v1':
        return this.cancel(asked);
      case 'icafecloud.refund.requested.v1':
        return this.refund(asked);
    }
  }

  private async take({ id, siteId: site, data }: Asked): Promise<void> {
    const body = checked(paymentRequested, data);
    const { siteId, orderId, amount, currency, additional, metadata } = body;
    const opened = await this.payments.take.run({
      idempotencyKey: id,
      scope: [site],
      siteId,
      orderId,
      amount,
      currency,
      additional,
      metadata,
      asSent: data,
      method: body.method ?? null,
      registerId: body.registerId ?? null,
      terminalId: body.terminalId ?? null,
      expiresInSeconds: body.expiresIn,
    });
    this.payments.opened(opened, { callerId: null, requestId: id, door: 'amqp' });
  }

  private async redo({ id, siteId, data }: Asked): Promise<void> {
    const body = checked(redoRequested, data);
    const paymentId = await this.named(body, siteId);
    const { method, terminalId, amount, expiresIn } = body;
    const opened = await this.payments.redo.run({
      idempotencyKey: id,
      scope: [siteId],
      paymentId,
      asSent: withoutName(data),
      method: method ?? null,
      terminalId: terminalId ?? null,
      amount: amount ?? null,
      expiresInSeconds: expiresIn,
    });
    this.payments.opened(opened, { callerId: null, requestId: id, door: 'amqp' });
  }

  private async cancel({ id, siteId, data }: Asked): Promise<void> {
    const paymentId = await this.named(checked(cancelRequested, data), siteId);
    const payment = await this.payments.cancel.run({ scope: [siteId], paymentId });
    this.payments.cancelled(payment, { callerId: null, requestId: id, door: 'amqp' });
  }

  private async refund({ id, siteId, source, data }: Asked): Promise<void> {
    const body = checked(refundRequested, data);
    const paymentId = await this.named(body, siteId);
    const opened = await this.payments.refund.run({
      idempotencyKey: id,
      scope: [siteId],
      paymentId,
      amount: body.amount ?? null,
      reason: body.reason ?? null,
      by: { kind: 'message', id, name: source },
      asSent: withoutName(data),
    });
    this.payments.refunding(opened, { callerId: null, requestId: id, door: 'amqp' });
  }

  private async named({ paymentId, siteId = '', orderId = '' }: PaymentName, site: string): Promise<string> {
    if (paymentId !== undefined) return paymentId;
    const payment = await this.payments.ledger.read({ scope: [site], by: { siteId, orderId } });
    return payment.id;
  }

  /** Tells the caller first: a message that is parked without an answer would leave him waiting. */
  private async refuse(delivery: Delivery, error: Rejected): Promise<Disposition> {
    const rejected = rejectionOf(delivery, error);
    this.log.warn({ ...rejected, messageId: delivery.messageId, routingKey: delivery.routingKey }, 'A request by message was rejected.');
    try {
      await this.payments.ledger.reject({ rejected });
    } catch (failure) {
      if (failure instanceof Unavailable) return 'retry';
      throw failure;
    }
    return { park: error.code };
  }
}

/** Checks the attributes. The site is the routing key's: that is what the broker checks a publisher's rights on. */
function askedBy(delivery: Delivery): Asked {
  const { body } = delivery;
  if (typeof body !== 'object' || body === null) throw new Rejected('request.malformed', { detail: 'The message is no JSON object.' });
  if ('type' in body && typeof body.type === 'string' && !Object.hasOwn(ingressTypes, body.type)) throw new Rejected('message.unknown_type');
  const { id, type, source, data } = checked(ingressEnvelope, body);
  const ending = `.${ingressTypes[type]}`;
  if (!delivery.routingKey.endsWith(ending)) throw new Rejected('request.invalid', { detail: `The routing key of ${type} is <siteId>${ending}.` });
  return { id, type, source, data, siteId: delivery.routingKey.slice(0, -ending.length) };
}

/** What is asked, without the way the payment is named: the fingerprint names it by its id. */
function withoutName(data: unknown): unknown {
  const { paymentId: _id, siteId: _site, orderId: _order, ...asked } = data as PaymentName;
  return asked;
}

/** The answer to a request that cannot succeed, with as much of it as can be read. */
function rejectionOf({ body, messageId, routingKey }: Delivery, error: Rejected): RejectedRequest {
  const data = memberOf(body, 'data');
  const { status, title } = errorCatalogue[error.code];
  const detail = error.detail ?? faultsText(error.members['errors']);
  return {
    siteId: text(memberOf(data, 'siteId')) ?? siteOfKey(routingKey),
    orderId: text(memberOf(data, 'orderId')),
    requestId: text(memberOf(body, 'id')) ?? messageId ?? 'unknown',
    problem: { code: error.code, title, status, ...(detail === null ? {} : { detail }) },
  };
}

function siteOfKey(routingKey: string): string | null {
  const [, site] = /^(.+)\.(?:payment|redo|cancel|refund)\.requested$/.exec(routingKey) ?? [];
  return site ?? null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** A text short and clean enough to be stored and sent on. */
function text(value: unknown): string | null {
  return typeof value === 'string' && value.length > 0 ? value.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 255) : null;
}

function faultsText(errors: unknown): string | null {
  if (!Array.isArray(errors)) return null;
  return (errors as readonly { readonly pointer: string; readonly detail: string }[])
    .map(({ pointer, detail }) => `${pointer} ${detail}`)
    .join('; ')
    .slice(0, 1_000);
}
