import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { cancelPaymentBody, listPaymentsQuery, openPaymentBody, redoPaymentBody, refundPaymentBody, switchPaymentBody } from '@kkm/contracts';
import type { OpenedPayment, Payment, PaymentPage } from '@kkm/core';
import { mustSee } from '@kkm/flow/gateway';
import { deciderOf, scopeOf } from '../access/caller';
import { isFinal, isRefunded } from '../live/live-payments';
import type { Ends } from '../live/live-payments';
import { paymentIdOf, Payments } from '../payments';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';
import { idempotencyKeyOf } from './idempotency-key';
import { preferredWait } from './prefer';

/** A request with its reply, and what its caller may wait for. */
interface Exchange {
  readonly request: DoorRequest;
  readonly reply: DoorReply;
  /** Left out: the payment's end. */
  readonly ends?: Ends;
}

/** Payments over HTTP. */
@Controller('v1/payments')
export class PaymentsController {
  constructor(private readonly payments: Payments) {}

  /** `POST /v1/payments`. */
  @Post()
  @HttpCode(201)
  async open(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Payment> {
    const caller = callerOf(request);
    const idempotencyKey = idempotencyKeyOf(request.headers['idempotency-key']);
    const body = checked(openPaymentBody, request.body);
    const { siteId, orderId, amount, currency, additional, purpose, metadata } = body;
    const opened = await this.payments.take.run({
      idempotencyKey,
      scope: scopeOf(caller),
      siteId,
      orderId,
      amount,
      currency,
      additional,
      purpose,
      metadata,
      asSent: request.body,
      method: body.method ?? null,
      registerId: body.registerId ?? null,
      terminalId: body.terminalId ?? null,
      expiresInSeconds: body.expiresIn,
    });
    this.payments.opened(opened, { callerId: caller.id, requestId: request.id, door: 'http' });
    reply.header('location', `/v1/payments/${opened.payment.id}`);
    return this.answer(opened, request, reply);
  }

  /** `GET /v1/payments`. */
  @Get()
  list(@Req() request: DoorRequest): Promise<PaymentPage> {
    const { siteId, from, to, limit, ...wanted } = checked(listPaymentsQuery, request.query, 'query:');
    const scope = scopeOf(callerOf(request));
    if (siteId !== undefined) mustSee(scope, siteId);
    return this.payments.ledger.list({
      scope,
      siteId: siteId ?? null,
      orderId: wanted.orderId ?? null,
      status: wanted.status ?? null,
      purpose: wanted.purpose ?? null,
      method: wanted.method ?? null,
      settlementAccount: wanted.settlementAccount ?? null,
      rrn: wanted.rrn ?? null,
      authorisationCode: wanted.authorisationCode ?? null,
      amount: wanted.amount ?? null,
      from: utc(from),
      to: utc(to),
      limit,
      cursor: wanted.cursor ?? null,
    });
  }

  /** `GET /v1/payments/{id}`. */
  @Get(':id')
  async read(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Payment> {
    const payment = await this.payments.read(paymentIdOf(request.params['id']), scopeOf(callerOf(request)));
    return this.afterWait(payment, { request, reply });
  }

  /** `POST /v1/payments/{id}/redo`. */
  @Post(':id/redo')
  @HttpCode(200)
  async redo(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Payment> {
    const caller = callerOf(request);
    const idempotencyKey = idempotencyKeyOf(request.headers['idempotency-key']);
    const asSent = request.body ?? {};
    const body = checked(redoPaymentBody, asSent);
    const opened = await this.payments.redo.run({
      idempotencyKey,
      scope: scopeOf(caller),
      paymentId: paymentIdOf(request.params['id']),
      asSent,
      method: body.method ?? null,
      terminalId: body.terminalId ?? null,
      amount: body.amount ?? null,
      expiresInSeconds: body.expiresIn,
    });
    this.payments.opened(opened, { callerId: caller.id, requestId: request.id, door: 'http' });
    return this.answer(opened, request, reply);
  }

  /** `POST /v1/payments/{id}/cancel`. */
  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Payment> {
    const caller = callerOf(request);
    checked(cancelPaymentBody, request.body ?? {});
    const payment = await this.payments.cancel.run({ scope: scopeOf(caller), paymentId: paymentIdOf(request.params['id']) });
    this.payments.cancelled(payment, { callerId: caller.id, requestId: request.id, door: 'http' });
    return this.afterWait(payment, { request, reply });
  }

  /** `POST /v1/payments/{id}/refunds`. */
  @Post(':id/refunds')
  @HttpCode(200)
  async refund(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Payment> {
    const caller = callerOf(request);
    const idempotencyKey = idempotencyKeyOf(request.headers['idempotency-key']);
    const asSent = request.body ?? {};
    const { amount, reason } = checked(refundPaymentBody, asSent);
    const opened = await this.payments.refund.run({
      idempotencyKey,
      scope: scopeOf(caller),
      paymentId: paymentIdOf(request.params['id']),
      amount: amount ?? null,
      reason: reason ?? null,
      by: deciderOf(caller),
      asSent,
    });
    this.payments.refunding(opened, { callerId: caller.id, requestId: request.id, door: 'http' });
    if (opened.replayed) reply.header('idempotency-replayed', 'true');
    return this.afterWait(opened.payment, { request, reply, ends: isRefunded });
  }

  /** `POST /v1/payments/{id}/switch`. */
  @Post(':id/switch')
  @HttpCode(200)
  async switch(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Payment> {
    const caller = callerOf(request);
    const { method } = checked(switchPaymentBody, request.body);
    const payment = await this.payments.switch.run({ scope: scopeOf(caller), paymentId: paymentIdOf(request.params['id']), method });
    this.payments.switching(payment, { callerId: caller.id, requestId: request.id, door: 'http' });
    return this.afterWait(payment, { request, reply });
  }

  private answer(opened: OpenedPayment, request: DoorRequest, reply: DoorReply): Promise<Payment> {
    if (opened.replayed) reply.header('idempotency-replayed', 'true');
    return this.afterWait(opened.payment, { request, reply });
  }

  private async afterWait(payment: Payment, { request, reply, ends = isFinal }: Exchange): Promise<Payment> {
    const seconds = preferredWait(request.headers['prefer']);
    if (seconds === null) return payment;
    reply.header('preference-applied', `wait=${seconds}`);
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    reply.raw.once('close', leave);
    try {
      return await this.payments.waitForEnd(payment, { seconds, ends, leaving: gone.signal });
    } finally {
      reply.raw.off('close', leave);
    }
  }
}

function utc(time: string | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
