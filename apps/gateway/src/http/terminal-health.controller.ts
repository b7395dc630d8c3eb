import { Controller, Get, Inject, Req } from '@nestjs/common';
import { terminalHealthQuery } from '@kkm/contracts';
import type { TerminalHealth } from '@kkm/core';
import { ReadTerminalHealth } from '@kkm/flow/gateway';
import { checked } from '../checked';
import { stores } from '../equipment/stores';
import type { TerminalStore } from '../equipment/stores';
import { idOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorRequest } from './exchange';

/** How terminals are, over HTTP. */
@Controller('v1/terminals')
export class TerminalHealthController {
  constructor(
    private readonly reading: ReadTerminalHealth,
    @Inject(stores.terminals) private readonly terminals: TerminalStore,
  ) {}

  /** `GET /v1/terminals/{id}/health`. */
  @Get(':id/health')
  async read(@Req() request: DoorRequest): Promise<TerminalHealth> {
    const { siteId, ...period } = checked(terminalHealthQuery, request.query, 'query:');
    const terminal = await this.terminals.read(idOf(request), siteId ?? null, callerOf(request));
    return this.reading.execute({ siteId: terminal.siteId, terminalId: terminal.id, ...period });
  }
}
