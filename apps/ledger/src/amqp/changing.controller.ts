import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { refundPaymentRequest, switchPaymentRequest } from '@kkm/contracts';
import type { CancelledPayment, OpenedPayment } from '@kkm/core';
import { RefundPayment, SwitchPayment } from '@kkm/flow/ledger';
import type { Delivery } from '@kkm/messaging';
import { checked } from './checked';
import { Trust } from './trust';

/** Changes what payments that are there have come to, for the gateway. */
@Controller()
export class ChangingController {
  constructor(
    private readonly refunding: RefundPayment,
    private readonly switching: SwitchPayment,
    private readonly trust: Trust,
  ) {}

  /** Opens a return. */
  @MessagePattern('payments.refund')
  async refund(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<OpenedPayment> {
    this.trust.requireService(delivery);
    return this.refunding.execute(checked(refundPaymentRequest, body));
  }

  /** Records that the guest wants to pay the other way. */
  @MessagePattern('payments.switch')
  async switch(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<CancelledPayment> {
    this.trust.requireService(delivery);
    return this.switching.execute(checked(switchPaymentRequest, body));
  }
}
