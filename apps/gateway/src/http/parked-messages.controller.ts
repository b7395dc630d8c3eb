import { Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { dismissParkedBody, listParkedMessagesQuery, replayParkedBody } from '@kkm/contracts';
import type { ParkedMessage, ParkedSummary } from '@kkm/core';
import { checked } from '../checked';
import { ParkedMessages } from '../parked/parked-messages';
import { idOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorRequest } from './exchange';

/** Parked messages over HTTP. */
@Controller('v1/parked-messages')
export class ParkedMessagesController {
  constructor(private readonly messages: ParkedMessages) {}

  /** A page, newest first. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ parkedMessages: ParkedSummary[]; next: string | null }> {
    return this.messages.list(checked(listParkedMessagesQuery, request.query, 'query:'), callerOf(request));
  }

  /** One, with headers and body. */
  @Get(':id')
  read(@Req() request: DoorRequest): Promise<ParkedMessage> {
    return this.messages.read(idOf(request), callerOf(request));
  }

  /** Sends it again. */
  @Post(':id/replay')
  @HttpCode(200)
  replay(@Req() request: DoorRequest): Promise<ParkedMessage> {
    checked(replayParkedBody, request.body ?? {});
    return this.messages.replay(idOf(request), callerOf(request));
  }

  /** Says that nothing is to be done. */
  @Post(':id/dismiss')
  @HttpCode(200)
  dismiss(@Req() request: DoorRequest): Promise<ParkedMessage> {
    return this.messages.dismiss(idOf(request), checked(dismissParkedBody, request.body).reason, callerOf(request));
  }
}
