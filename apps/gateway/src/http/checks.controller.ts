import { Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { listChecksQuery, retryCheckBody } from '@kkm/contracts';
import type { OutstandingCheck } from '@kkm/contracts';
import { scopeOf } from '../access/caller';
import { checked } from '../checked';
import { Checks } from '../desk/checks';
import { callerOf } from './exchange';
import type { DoorRequest } from './exchange';

/** What the KkmServer door could not finish, over HTTP. */
@Controller('v1/checks')
export class ChecksController {
  constructor(private readonly checks: Checks) {}

  /** `GET /v1/checks`. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ readonly checks: readonly OutstandingCheck[]; readonly next: string | null }> {
    const { siteId, limit, cursor } = checked(listChecksQuery, request.query, 'query:');
    return this.checks.list({ scope: scopeOf(callerOf(request)), siteId: siteId ?? null, limit, cursor: cursor ?? null });
  }

  /** `POST /v1/checks/{id}/retry`. */
  @Post(':id/retry')
  @HttpCode(200)
  retry(@Req() request: DoorRequest): Promise<OutstandingCheck> {
    checked(retryCheckBody, request.body ?? {});
    return this.checks.retry(request.params['id'] ?? '', scopeOf(callerOf(request)));
  }
}
