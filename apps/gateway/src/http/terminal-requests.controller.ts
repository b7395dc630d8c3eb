import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { askReportBody, askTerminalBody, listTerminalRequestsQuery } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import type { KeptRequest, RequestKind } from '@kkm/core';
import { TerminalRequests } from '@kkm/flow/gateway';
import { checked } from '../checked';
import { stores } from '../equipment/stores';
import type { TerminalStore } from '../equipment/stores';
import { idOf, siteOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';
import { idempotencyKeyOf } from './idempotency-key';
import { preferredWait } from './prefer';

/** What is asked, and how it came. */
interface Exchange {
  readonly request: DoorRequest;
  readonly reply: DoorReply;
  readonly kind: RequestKind;
  readonly detailed: boolean;
}

/** What terminals are asked outside of payments, over HTTP. */
@Controller('v1/terminals')
export class TerminalRequestsController {
  private readonly stopping = new AbortController();

  constructor(
    private readonly requests: TerminalRequests,
    @Inject(stores.terminals) private readonly terminals: TerminalStore,
  ) {}

  /** Called by Nest when the gateway stops: whoever waits is answered with what is known. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** `POST /v1/terminals/{id}/link-test`. */
  @Post(':id/link-test')
  @HttpCode(200)
  testLink(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<KeptRequest> {
    checked(askTerminalBody, request.body ?? {});
    return this.ask({ request, reply, kind: 'link-test', detailed: false });
  }

  /** `POST /v1/terminals/{id}/settle`. */
  @Post(':id/settle')
  @HttpCode(200)
  settle(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<KeptRequest> {
    checked(askTerminalBody, request.body ?? {});
    return this.ask({ request, reply, kind: 'settle', detailed: false });
  }

  /** `POST /v1/terminals/{id}/report`. */
  @Post(':id/report')
  @HttpCode(200)
  report(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<KeptRequest> {
    const { detailed } = checked(askReportBody, request.body ?? {});
    return this.ask({ request, reply, kind: 'report', detailed });
  }

  /** `GET /v1/terminals/{id}/requests`. */
  @Get(':id/requests')
  async list(@Req() request: DoorRequest): Promise<{ requests: readonly KeptRequest[]; next: string | null }> {
    const { siteId, kind, limit, cursor } = checked(listTerminalRequestsQuery, request.query, 'query:');
    const terminal = await this.terminals.read(idOf(request), siteId ?? null, callerOf(request));
    // One more than asked for tells whether there is a further page.
    const filter = { siteId: terminal.siteId, terminalId: terminal.id, kind: kind ?? null, beforeId: cursor ?? null, limit: limit + 1 };
    const found = await this.requests.list(filter);
    const requests = found.slice(0, limit);
    return { requests, next: found.length > limit ? (requests.at(-1)?.id ?? null) : null };
  }

  private async ask({ request, reply, kind, detailed }: Exchange): Promise<KeptRequest> {
    const caller = callerOf(request);
    const header = request.headers['idempotency-key'];
    const key = header === undefined ? null : idempotencyKeyOf(header);
    const terminal = await this.terminals.read(idOf(request), siteOf(request), caller);
    if (!terminal.enabled) throw new Rejected('equipment.no_terminal', { detail: 'The terminal is switched off.' });
    const seconds = preferredWait(request.headers['prefer']);
    if (seconds !== null) reply.header('preference-applied', `wait=${seconds}`);
    const left = new AbortController();
    const leave = (): void => left.abort();
    reply.raw.once('close', leave);
    try {
      const gone = AbortSignal.any([left.signal, this.stopping.signal]);
      const by = `${caller.name} (${caller.id})`;
      return await this.requests.run({ siteId: terminal.siteId, terminalId: terminal.id, kind, detailed, key, by, waitMs: (seconds ?? 0) * 1_000, gone });
    } finally {
      reply.raw.off('close', leave);
    }
  }
}
