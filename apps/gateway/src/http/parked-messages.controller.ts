import { Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { dismissParkedBody, listParkedMessagesQuery, replayParkedBody } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import type { ParkedMessage, ParkedSummary } from '@kkm/core';
import { checked } from '../checked';
import { ParkedMessages } from '../parked/parked-messages';
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
    return this.messages.read(parkedIdOf(request), callerOf(request));
  }

  /** Sends it again. */
  @Post(':id/replay')
  @HttpCode(200)
  replay(@Req() request: DoorRequest): Promise<ParkedMessage> {
    checked(replayParkedBody, request.body ?? {});
    return this.messages.replay(parkedIdOf(request), callerOf(request));
  }

  /** Says that nothing is to be done. */
  @Post(':id/dismiss')
  @HttpCode(200)
  dismiss(@Req() request: DoorRequest): Promise<ParkedMessage> {
    return this.messages.dismiss(parkedIdOf(request), checked(dismissParkedBody, request.body).reason, callerOf(request));
  }
}

function parkedIdOf(request: DoorRequest): string {
  const id = request.params['id'] ?? '';
  if (!/^[A-Za-z0-9_]{1,64}$/.test(id)) throw new Rejected('parked.not_found');
  return id;
}
