import { Controller, Get, Req } from '@nestjs/common';
import { readEventsQuery } from '@kkm/contracts';
import type { EventPage } from '@kkm/core';
import { scopeOf } from '../access/caller';
import { Payments } from '../payments';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorRequest } from './exchange';

/** The feed of completion events over HTTP. */
@Controller('v1/events')
export class EventsController {
  constructor(private readonly payments: Payments) {}

  /** A page, oldest first. */
  @Get()
  read(@Req() request: DoorRequest): Promise<EventPage> {
    const { after, limit } = checked(readEventsQuery, request.query, 'query:');
    return this.payments.ledger.events({ scope: scopeOf(callerOf(request)), after: after ?? null, limit });
  }
}
