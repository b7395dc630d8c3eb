import { Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { closePaymentBody, resolvePaymentBody } from '@kkm/contracts';
import type { Payment, Verdict } from '@kkm/core';
import { deciderOf, scopeOf } from '../access/caller';
import { checked } from '../checked';
import { paymentIdOf, Payments } from '../payments';
import { callerOf } from './exchange';
import type { DoorRequest } from './exchange';
import { idempotencyKeyOf } from './idempotency-key';

/** What people decide about payments over HTTP, and what they ask when a guest stands before them. */
@Controller('v1/payments')
export class PeopleController {
  constructor(private readonly payments: Payments) {}

  /** `POST /v1/payments/{id}/resolution`. */
  @Post(':id/resolution')
  @HttpCode(200)
  async resolve(@Req() request: DoorRequest): Promise<Payment> {
    const caller = callerOf(request);
    const header = request.headers['idempotency-key'];
    const { charged, chargedAmount, evidence, attemptId } = checked(resolvePaymentBody, request.body);
    const payment = await this.payments.resolve.run({
      idempotencyKey: header === undefined ? null : idempotencyKeyOf(header),
      scope: scopeOf(caller),
      paymentId: paymentIdOf(request.params['id']),
      attemptId: attemptId ?? null,
      charged,
      chargedAmount: chargedAmount ?? null,
      evidence,
      by: deciderOf(caller),
      asSent: request.body,
    });
    this.payments.decided('A person decided a payment.', payment, { callerId: caller.id, requestId: request.id, door: 'http' });
    return payment;
  }

  /** `GET /v1/payments/{id}/verdict`. */
  @Get(':id/verdict')
  verdict(@Req() request: DoorRequest): Promise<Verdict> {
    return this.payments.ledger.verdict({ scope: scopeOf(callerOf(request)), paymentId: paymentIdOf(request.params['id']) });
  }

  /** `POST /v1/payments/{id}/close`. */
  @Post(':id/close')
  @HttpCode(200)
  async close(@Req() request: DoorRequest): Promise<Payment> {
    const caller = callerOf(request);
    checked(closePaymentBody, request.body ?? {});
    const payment = await this.payments.ledger.close({ scope: scopeOf(caller), paymentId: paymentIdOf(request.params['id']) });
    this.payments.decided('A payment was closed.', payment, { callerId: caller.id, requestId: request.id, door: 'http' });
    return payment;
  }
}
