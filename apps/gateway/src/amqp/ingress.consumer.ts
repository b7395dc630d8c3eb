import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { queues } from '@kkm/contracts';
import { PassErrorsFilter } from '@kkm/messaging';
import type { Delivery, Disposition } from '@kkm/messaging';
import { IngressDoor } from './ingress-door';

/** Requests that come by message. */
@Controller()
@UseFilters(PassErrorsFilter)
export class IngressConsumer {
  constructor(private readonly door: IngressDoor) {}

  /** One message of `gateway.ingress`. */
  @EventPattern(queues.gatewayIngress)
  handle(@Ctx() delivery: Delivery): Promise<Disposition> {
    return this.door.handle(delivery);
  }
}
