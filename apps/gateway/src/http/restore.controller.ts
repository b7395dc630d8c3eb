import { Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { assignChargeBody, releaseTerminalBody } from '@kkm/contracts';
import { equipmentIdPattern, Rejected } from '@kkm/core';
import type { RestoreOverview } from '@kkm/core';
import type { RestoreLedger } from '@kkm/flow/gateway';
import { scopeOf } from '../access/caller';
import type { Caller } from '../access/caller';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorRequest } from './exchange';

/** Token under which Nest hands the ledger to the controller. */
export const restoreLedger = Symbol('restore ledger');

/** What people do after the books were restored from a backup, over HTTP. It concerns all sites at once, so it is for operators alone. */
@Controller('v1/restore')
export class RestoreController {
  constructor(@Inject(restoreLedger) private readonly ledger: RestoreLedger) {}

  /** `GET /v1/restore`. */
  @Get()
  overview(@Req() request: DoorRequest): Promise<RestoreOverview> {
    operatorOf(request);
    return this.ledger.overview();
  }

  /** `POST /v1/restore/terminals/{siteId}/{terminalId}/release`. */
  @Post('terminals/:siteId/:terminalId/release')
  @HttpCode(200)
  release(@Req() request: DoorRequest): Promise<RestoreOverview> {
    const { name: by } = operatorOf(request);
    const { evidence } = checked(releaseTerminalBody, request.body);
    const { siteId = '', terminalId = '' } = request.params;
    if (![siteId, terminalId].every((id) => equipmentIdPattern.test(id))) throw new Rejected('restore.not_found');
    return this.ledger.release({ siteId, terminalId, evidence, by });
  }

  /** `POST /v1/restore/charges/assign`. */
  @Post('charges/assign')
  @HttpCode(200)
  assign(@Req() request: DoorRequest): Promise<RestoreOverview> {
    const { name: by } = operatorOf(request);
    return this.ledger.assign({ ...checked(assignChargeBody, request.body), by });
  }
}

function operatorOf(request: DoorRequest): Caller {
  const caller = callerOf(request);
  if (scopeOf(caller) !== null) throw new Rejected('auth.forbidden', { detail: 'A restore concerns every site: it takes an operator.' });
  return caller;
}
