import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { answerRequestRequest, siteEquipmentRequest, takeRequestRequest } from '@kkm/contracts';
import type { SiteEquipment } from '@kkm/contracts';
import type { TakeRequestAnswer } from '@kkm/core';
import { TerminalRequests } from '@kkm/flow/gateway';
import { PassErrorsFilter } from '@kkm/messaging';
import type { Delivery } from '@kkm/messaging';
import { WorkerTrust } from '../access/worker-trust';
import { checked } from '../checked';
import { WorkerEquipment } from '../equipment/worker-equipment';

/** Answers the workers' calls on `gateway.rpc`. A worker may speak for its own site only: the broker user of another one is refused. */
@Controller()
@UseFilters(PassErrorsFilter)
export class CallsConsumer {
  constructor(
    private readonly equipment: WorkerEquipment,
    private readonly requests: TerminalRequests,
    private readonly trust: WorkerTrust,
  ) {}

  /** A site's terminals for its workers. */
  @MessagePattern('equipment.of-site')
  async ofSite(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<SiteEquipment> {
    return this.equipment.ofSite(checked(siteEquipmentRequest, body), delivery.userId);
  }

  /** A worker has the terminal for itself and asks whether the request is its own. */
  @MessagePattern('terminals.take')
  async take(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<TakeRequestAnswer> {
    const request = checked(takeRequestRequest, body);
    this.trust.requireSite(request.siteId, delivery.userId);
    return this.requests.take(request);
  }

  /** How a request ended. */
  @MessagePattern('terminals.answered')
  async answered(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<null> {
    const request = checked(answerRequestRequest, body);
    this.trust.requireSite(request.siteId, delivery.userId);
    return this.requests.answered(request);
  }
}
