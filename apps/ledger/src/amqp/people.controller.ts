import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { closePaymentRequest, resolvePaymentRequest, verdictRequest } from '@kkm/contracts';
import type { Payment, Verdict } from '@kkm/core';
import { ClosePayment, ReadVerdict, ResolvePayment } from '@kkm/flow/ledger';
import type { Delivery } from '@kkm/messaging';
import { LedgerWatch } from '../ledger-watch';
import { checked } from './checked';
import { Trust } from './trust';

/** What people decide about payments, for the gateway. */
@Controller()
export class PeopleController {
  constructor(
    private readonly resolving: ResolvePayment,
    private readonly closing: ClosePayment,
    private readonly trust: Trust,
    private readonly watch: LedgerWatch,
  ) {}

  /** Decides an attempt in doubt. */
  @MessagePattern('payments.resolve')
  async resolve(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<Payment> {
    this.trust.requireService(delivery);
    const request = checked(resolvePaymentRequest, body);
    const payment = await this.resolving.execute(request);
    this.watch.resolved(request, payment);
    return payment;
  }

  /** Closes a payment. */
  @MessagePattern('payments.close')
  async close(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<Payment> {
    this.trust.requireService(delivery);
    return this.closing.execute(checked(closePaymentRequest, body));
  }
}

/** Answers what people ask about a payment, for the gateway. */
@Controller()
export class VerdictController {
  constructor(
    private readonly verdicts: ReadVerdict,
    private readonly trust: Trust,
  ) {}

  /** Answers "Was the customer charged?". */
  @MessagePattern('payments.verdict')
  async verdict(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<Verdict> {
    this.trust.requireService(delivery);
    return this.verdicts.execute(checked(verdictRequest, body));
  }
}
