import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { assignChargeRequest, releaseTerminalRequest } from '@kkm/contracts';
import type { RestoreOverview } from '@kkm/core';
import type { Delivery } from '@kkm/messaging';
import { AfterRestore } from '../restore/after-restore';
import { checked } from './checked';
import { Trust } from './trust';

/** What people do after a restore, for the gateway. */
@Controller()
export class RestoreController {
  constructor(
    private readonly afterRestore: AfterRestore,
    private readonly trust: Trust,
  ) {}

  /** What is left to do. */
  @MessagePattern('restore.overview')
  async overview(@Ctx() delivery: Delivery): Promise<RestoreOverview> {
    this.trust.requireService(delivery);
    return this.afterRestore.overview();
  }

  /** Lets a terminal charge again. */
  @MessagePattern('restore.release')
  async release(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<RestoreOverview> {
    this.trust.requireService(delivery);
    return this.afterRestore.release(checked(releaseTerminalRequest, body));
  }

  /** Says whose a found charge is. */
  @MessagePattern('restore.assign')
  async assign(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<RestoreOverview> {
    this.trust.requireService(delivery);
    return this.afterRestore.assign(checked(assignChargeRequest, body));
  }
}
