import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern } from '@nestjs/microservices';
import { queues } from '@kkm/contracts';
import { PassErrorsFilter } from '@kkm/messaging';
import type { Delivery, Disposition } from '@kkm/messaging';
import { CheckFollower } from '../desk/check-follower';

/** Completion events that commands of the KkmServer door follow. */
@Controller()
@UseFilters(PassErrorsFilter)
export class ChecksConsumer {
  constructor(private readonly follower: CheckFollower) {}

  /** One message of `gateway.checks`. */
  @EventPattern(queues.gatewayChecks)
  handle(@Ctx() delivery: Delivery): Promise<Disposition> {
    return this.follower.handle(delivery);
  }
}
