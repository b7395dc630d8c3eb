import { Controller, Delete, Get, HttpCode, Inject, Patch, Post, Req, Res } from '@nestjs/common';
import { changeTerminalBody, changeTerminalProfileBody, createTerminalBody, createTerminalProfileBody, listEquipmentQuery } from '@kkm/contracts';
import { stores } from '../equipment/stores';
import type { Terminal, TerminalProfile, TerminalProfileStore, TerminalStore } from '../equipment/stores';
import { checked } from '../checked';
import { idOf, namedBy, siteOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';

/** Terminals over HTTP. */
@Controller('v1/terminals')
export class TerminalsController {
  constructor(@Inject(stores.terminals) private readonly terminals: TerminalStore) {}

  /** A page. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ terminals: Terminal[]; next: string | null }> {
    return this.terminals.list(checked(listEquipmentQuery, request.query, 'query:'), callerOf(request));
  }

  /** Creates, with its queues. */
  @Post()
  @HttpCode(201)
  async create(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Terminal> {
    const terminal = await this.terminals.create(checked(createTerminalBody, request.body), callerOf(request));
    reply.header('location', `/v1/terminals/${terminal.id}`);
    return terminal;
  }

  /** Reads one. */
  @Get(':id')
  read(@Req() request: DoorRequest): Promise<Terminal> {
    return this.terminals.read(idOf(request), siteOf(request), callerOf(request));
  }

  /** Changes the named members; reaches the worker without a restart. */
  @Patch(':id')
  change(@Req() request: DoorRequest): Promise<Terminal> {
    return this.terminals.change(namedBy(request), checked(changeTerminalBody, request.body), callerOf(request));
  }

  /** Deletes. */
  @Delete(':id')
  @HttpCode(204)
  delete(@Req() request: DoorRequest): Promise<void> {
    return this.terminals.delete(idOf(request), siteOf(request), callerOf(request));
  }
}

/** Terminal profiles over HTTP. */
@Controller('v1/terminal-profiles')
export class TerminalProfilesController {
  constructor(@Inject(stores.profiles) private readonly profiles: TerminalProfileStore) {}

  /** A page. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ terminalProfiles: TerminalProfile[]; next: string | null }> {
    return this.profiles.list(checked(listEquipmentQuery, request.query, 'query:'), callerOf(request));
  }

  /** Creates. */
  @Post()
  @HttpCode(201)
  async create(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<TerminalProfile> {
    const profile = await this.profiles.create(checked(createTerminalProfileBody, request.body), callerOf(request));
    reply.header('location', `/v1/terminal-profiles/${profile.id}`);
    return profile;
  }

  /** Reads one. */
  @Get(':id')
  read(@Req() request: DoorRequest): Promise<TerminalProfile> {
    return this.profiles.read(idOf(request), siteOf(request), callerOf(request));
  }

  /** Changes the named members. */
  @Patch(':id')
  change(@Req() request: DoorRequest): Promise<TerminalProfile> {
    return this.profiles.change(namedBy(request), checked(changeTerminalProfileBody, request.body), callerOf(request));
  }

  /** Deletes. */
  @Delete(':id')
  @HttpCode(204)
  delete(@Req() request: DoorRequest): Promise<void> {
    return this.profiles.delete(idOf(request), siteOf(request), callerOf(request));
  }
}
