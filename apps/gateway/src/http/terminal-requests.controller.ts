import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { askReportBody, askTerminalBody, createLinkTestBody, listTerminalRequestsQuery, testLinkBody } from '@kkm/contracts';
import type { LinkTest, TestLinkBody } from '@kkm/contracts';
import { newTerminal, Rejected } from '@kkm/core';
import type { KeptRequest, LinkDraft, RequestKind } from '@kkm/core';
import { mustSee, TerminalRequests } from '@kkm/flow/gateway';
import type { TerminalAsk } from '@kkm/flow/gateway';
import { scopeOf } from '../access/caller';
import { checked } from '../checked';
import { stores } from '../equipment/stores';
import type { DraftSettings, SiteStore, Terminal, TerminalStore } from '../equipment/stores';
import { idOf, siteOf } from './equipment.controller';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';
import { idempotencyKeyOf } from './idempotency-key';
import { preferredWait } from './prefer';

/** What is asked, and how it came. */
interface Exchange {
  readonly request: DoorRequest;
  readonly reply: DoorReply;
}

/** What is asked of a terminal. */
type Asked = Pick<TerminalAsk, 'siteId' | 'terminalId' | 'kind' | 'detailed' | 'draft'>;

/** What else there is to a request. */
interface Wish {
  readonly detailed?: boolean;
  /** The settings to test instead of the saved ones. */
  readonly draft?: (saved: Terminal) => Promise<LinkDraft>;
}

/** What terminals are asked outside of payments, over HTTP. */
@Controller('v1')
export class TerminalRequestsController {
  private readonly stopping = new AbortController();

  constructor(
    private readonly requests: TerminalRequests,
    @Inject(stores.terminals) private readonly terminals: TerminalStore,
    @Inject(stores.sites) private readonly sites: SiteStore,
  ) {}

  /** Called by Nest when the gateway stops: whoever waits is answered with what is known. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** `POST /v1/terminals/{id}/link-test`. */
  @Post('terminals/:id/link-test')
  @HttpCode(200)
  testLink(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<KeptRequest> {
    const { draft } = checked(testLinkBody, request.body ?? {});
    return this.askSaved(
      { request, reply },
      'link-test',
      draft ? { draft: (saved) => this.terminals.draft(saved.siteId, overlaid(saved, draft), saved.id) } : {},
    );
  }

  /** `POST /v1/link-tests`. */
  @Post('link-tests')
  @HttpCode(200)
  async testNew(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<LinkTest> {
    const { siteId, ...settings } = checked(createLinkTestBody, request.body);
    const caller = callerOf(request);
    mustSee(scopeOf(caller), siteId);
    await this.sites.read(siteId, caller);
    const draft = await this.terminals.draft(siteId, settings, null);
    return shownTest(await this.ask({ request, reply }, { siteId, terminalId: newTerminal, kind: 'link-test', draft }));
  }

  /** `POST /v1/terminals/{id}/settle`. */
  @Post('terminals/:id/settle')
  @HttpCode(200)
  settle(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<KeptRequest> {
    checked(askTerminalBody, request.body ?? {});
    return this.askSaved({ request, reply }, 'settle');
  }

  /** `POST /v1/terminals/{id}/report`. */
  @Post('terminals/:id/report')
  @HttpCode(200)
  report(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<KeptRequest> {
    const { detailed } = checked(askReportBody, request.body ?? {});
    return this.askSaved({ request, reply }, 'report', { detailed });
  }

  /** `GET /v1/terminals/{id}/requests`. */
  @Get('terminals/:id/requests')
  async list(@Req() request: DoorRequest): Promise<{ requests: readonly KeptRequest[]; next: string | null }> {
    const { siteId, kind, limit, cursor } = checked(listTerminalRequestsQuery, request.query, 'query:');
    const terminal = await this.terminals.read(idOf(request), siteId ?? null, callerOf(request));
    // One more than asked for tells whether there is a further page.
    const filter = { siteId: terminal.siteId, terminalId: terminal.id, kind: kind ?? null, beforeId: cursor ?? null, limit: limit + 1 };
    const found = await this.requests.list(filter);
    const requests = found.slice(0, limit);
    return { requests, next: found.length > limit ? (requests.at(-1)?.id ?? null) : null };
  }

  /** Asks a terminal that is saved; `wish` says what else there is to the request. */
  private async askSaved(exchange: Exchange, kind: RequestKind, wish: Wish = {}): Promise<KeptRequest> {
    const { request } = exchange;
    const terminal = await this.terminals.read(idOf(request), siteOf(request), callerOf(request));
    if (!terminal.enabled) throw new Rejected('equipment.no_terminal', { detail: 'The terminal is switched off.' });
    const draft = (await wish.draft?.(terminal)) ?? null;
    return this.ask(exchange, { siteId: terminal.siteId, terminalId: terminal.id, kind, detailed: wish.detailed ?? false, draft });
  }

  private async ask({ request, reply }: Exchange, asked: Asked): Promise<KeptRequest> {
    const caller = callerOf(request);
    const header = request.headers['idempotency-key'];
    const key = header === undefined ? null : idempotencyKeyOf(header);
    const seconds = preferredWait(request.headers['prefer']);
    if (seconds !== null) reply.header('preference-applied', `wait=${seconds}`);
    const left = new AbortController();
    const leave = (): void => left.abort();
    reply.raw.once('close', leave);
    try {
      const gone = AbortSignal.any([left.signal, this.stopping.signal]);
      return await this.requests.run({ ...asked, key, by: `${caller.name} (${caller.id})`, waitMs: (seconds ?? 0) * 1_000, gone });
    } finally {
      reply.raw.off('close', leave);
    }
  }
}

/** A link test of a new terminal as the contract shows it. */
function shownTest({ terminalId: _terminal, kind: _kind, detailed: _detailed, isDraft: _draft, ...test }: KeptRequest): LinkTest {
  return test;
}

/** What is saved, with the members of a draft in their place. */
function overlaid(saved: Terminal, draft: NonNullable<TestLinkBody['draft']>): DraftSettings {
  return {
    driver: draft.driver ?? saved.driver,
    transport: draft.transport ?? saved.transport,
    profileId: draft.profileId === undefined ? saved.profileId : draft.profileId,
    profile: draft.profile ?? saved.profile,
  };
}
