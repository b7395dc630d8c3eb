import { Controller, Delete, Get, HttpCode, Inject, Patch, Post, Put, Req, Res } from '@nestjs/common';
import {
  automaticAcquiringBody,
  changeRegisterBody,
  changeSiteBody,
  createRegisterBody,
  createSiteBody,
  listEquipmentQuery,
  listSitesQuery,
  oneOfSiteQuery,
  setFiscalBody,
} from '@kkm/contracts';
import type { AutomaticAcquiring, Fiscal } from '@kkm/contracts';
import type { NamedEntry } from '../equipment/ports';
import { stores } from '../equipment/stores';
import type { Register, RegisterStore, Site, SiteStore } from '../equipment/stores';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';

/** Sites over HTTP. */
@Controller('v1/sites')
export class SitesController {
  constructor(@Inject(stores.sites) private readonly sites: SiteStore) {}

  /** A page. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ sites: Site[]; next: string | null }> {
    return this.sites.list(checked(listSitesQuery, request.query, 'query:'), callerOf(request));
  }

  /** Creates. */
  @Post()
  @HttpCode(201)
  async create(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Site> {
    const site = await this.sites.create(checked(createSiteBody, request.body), callerOf(request));
    reply.header('location', `/v1/sites/${site.id}`);
    return site;
  }

  /** Reads one. */
  @Get(':id')
  read(@Req() request: DoorRequest): Promise<Site> {
    return this.sites.read(idOf(request), callerOf(request));
  }

  /** Changes the named members. */
  @Patch(':id')
  change(@Req() request: DoorRequest): Promise<Site> {
    return this.sites.change(idOf(request), checked(changeSiteBody, request.body), callerOf(request));
  }

  /** Deletes. */
  @Delete(':id')
  @HttpCode(204)
  delete(@Req() request: DoorRequest): Promise<void> {
    return this.sites.delete(idOf(request), callerOf(request));
  }
}

/** Registers over HTTP. */
@Controller('v1/registers')
export class RegistersController {
  constructor(@Inject(stores.registers) private readonly registers: RegisterStore) {}

  /** A page. */
  @Get()
  list(@Req() request: DoorRequest): Promise<{ registers: Register[]; next: string | null }> {
    return this.registers.list(checked(listEquipmentQuery, request.query, 'query:'), callerOf(request));
  }

  /** Creates. */
  @Post()
  @HttpCode(201)
  async create(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<Register> {
    const register = await this.registers.create(checked(createRegisterBody, request.body), callerOf(request));
    reply.header('location', `/v1/registers/${register.id}`);
    return register;
  }

  /** Reads one. */
  @Get(':id')
  read(@Req() request: DoorRequest): Promise<Register> {
    return this.registers.read(idOf(request), siteOf(request), callerOf(request));
  }

  /** Changes the named members. */
  @Patch(':id')
  change(@Req() request: DoorRequest): Promise<Register> {
    return this.registers.change(namedBy(request), checked(changeRegisterBody, request.body), callerOf(request));
  }

  /** Deletes. */
  @Delete(':id')
  @HttpCode(204)
  delete(@Req() request: DoorRequest): Promise<void> {
    return this.registers.delete(idOf(request), siteOf(request), callerOf(request));
  }

  /** Sets automatic acquiring; in force for the next payment when this answers. */
  @Put(':id/automatic-acquiring')
  async setAcquiring(@Req() request: DoorRequest): Promise<AutomaticAcquiring> {
    const automaticAcquiring = checked(automaticAcquiringBody, request.body);
    const register = await this.registers.change(namedBy(request), { automaticAcquiring }, callerOf(request));
    return register.automaticAcquiring;
  }

  /** Says who makes the receipts; in force for the next check when this answers. */
  @Put(':id/fiscal')
  async setFiscal(@Req() request: DoorRequest): Promise<Fiscal> {
    const register = await this.registers.change(namedBy(request), { fiscal: checked(setFiscalBody, request.body) }, callerOf(request));
    return register.fiscal;
  }
}

/** The id that the path names. */
export function idOf(request: DoorRequest): string {
  return request.params['id'] ?? '';
}

/** The site that the query names, for an id that several sites use. */
export function siteOf(request: DoorRequest): string | null {
  return checked(oneOfSiteQuery, request.query, 'query:').siteId ?? null;
}

/** The entry that path and query name. */
export function namedBy(request: DoorRequest): NamedEntry {
  return { id: idOf(request), siteId: siteOf(request) };
}
