import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { followCertificationBody, listCertificationsQuery, startCertificationBody } from '@kkm/contracts';
import type { Certification, ComparedCertification } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import { CertifyTerminal } from '@kkm/flow/gateway';
import type { CertificationRecord } from '@kkm/flow/gateway';
import { compareCertification, showCertification } from '../certification/show-certification';
import { checked } from '../checked';
import { stores } from '../equipment/stores';
import type { Terminal, TerminalStore } from '../equipment/stores';
import { idOf, siteOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';

/** Certifications of terminals, over HTTP. */
@Controller('v1/terminals/:id/certifications')
export class CertificationsController {
  constructor(
    private readonly certify: CertifyTerminal,
    @Inject(stores.terminals) private readonly terminals: TerminalStore,
  ) {}

  /** Begins one. */
  @Post()
  @HttpCode(201)
  async start(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<ComparedCertification> {
    const plan = checked(startCertificationBody, request.body);
    const terminal = await this.terminal(request);
    if (!terminal.enabled) throw new Rejected('equipment.no_terminal', { detail: 'The terminal is switched off.' });
    const { siteId, id: terminalId } = terminal;
    const { name, id } = callerOf(request);
    const record = await this.certify.start({ siteId, terminalId, plan, by: `${name} (${id})` });
    reply.header('location', `/v1/terminals/${terminalId}/certifications/${record.id}`);
    return this.compared(record);
  }

  /** A page. */
  @Get()
  async list(@Req() request: DoorRequest): Promise<{ certifications: Certification[]; next: string | null }> {
    const { siteId, limit, cursor } = checked(listCertificationsQuery, request.query, 'query:');
    const terminal = await this.terminals.read(idOf(request), siteId ?? null, callerOf(request));
    // One more than asked for tells whether there is a further page.
    const found = await this.certify.list({ siteId: terminal.siteId, terminalId: terminal.id, beforeId: cursor ?? null, limit: limit + 1 });
    const page = found.slice(0, limit);
    return { certifications: page.map(showCertification), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  }

  /** Reads one. */
  @Get(':certificationId')
  async read(@Req() request: DoorRequest): Promise<ComparedCertification> {
    return this.compared(await this.certify.read(nameOf(await this.terminal(request)), certificationIdOf(request)));
  }

  /** Ends one. */
  @Post(':certificationId/stop')
  @HttpCode(200)
  async stop(@Req() request: DoorRequest): Promise<ComparedCertification> {
    checked(followCertificationBody, request.body ?? {});
    return this.compared(await this.certify.stop(nameOf(await this.terminal(request)), certificationIdOf(request)));
  }

  /** A person did what was asked. */
  @Post(':certificationId/prompts/:number')
  @HttpCode(200)
  async answer(@Req() request: DoorRequest): Promise<ComparedCertification> {
    checked(followCertificationBody, request.body ?? {});
    const number = Number(request.params['number']);
    return this.compared(await this.certify.answer(nameOf(await this.terminal(request)), certificationIdOf(request), number));
  }

  private terminal(request: DoorRequest): Promise<Terminal> {
    return this.terminals.read(idOf(request), siteOf(request), callerOf(request));
  }

  private async compared(record: CertificationRecord): Promise<ComparedCertification> {
    return compareCertification(record, await this.certify.earlier(record));
  }
}

function nameOf({ siteId, id }: Terminal): { readonly siteId: string; readonly terminalId: string } {
  return { siteId, terminalId: id };
}

function certificationIdOf(request: DoorRequest): string {
  return request.params['certificationId'] ?? '';
}
