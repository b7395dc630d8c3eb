import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { siteEquipmentRequest } from '@kkm/contracts';
import type { SiteEquipment } from '@kkm/contracts';
import { PassErrorsFilter } from '@kkm/messaging';
import type { Delivery } from '@kkm/messaging';
import { checked } from '../checked';
import { WorkerEquipment } from '../equipment/worker-equipment';

/** Answers the workers' calls on `gateway.rpc`. */
@Controller()
@UseFilters(PassErrorsFilter)
export class CallsConsumer {
  constructor(private readonly equipment: WorkerEquipment) {}

  /** A site's terminals for its workers. The broker user of another site is refused. */
  @MessagePattern('equipment.of-site')
  async ofSite(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<SiteEquipment> {
    return this.equipment.ofSite(checked(siteEquipmentRequest, body), delivery.userId);
  }
}
