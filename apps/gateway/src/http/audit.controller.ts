import { Controller, Get, Req } from '@nestjs/common';
import { listAuditQuery } from '@kkm/contracts';
import type { AuditEntry } from '@kkm/contracts';
import { AuditTrail } from '../audit/audit-trail';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorRequest } from './exchange';

/** The audit over HTTP. */
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  /** A page, newest first. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ entries: AuditEntry[]; next: string | null }> {
    const {
      limit,
      siteId = null,
      by = null,
      action = null,
      targetId = null,
      from = null,
      to = null,
      cursor = null,
    } = checked(listAuditQuery, request.query, 'query:');
    return this.trail.page({ siteId, by, action, targetId, from, to, cursor, limit }, callerOf(request));
  }
}
