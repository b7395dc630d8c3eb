import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { admittedOf, refusal } from './kkmserver-door';
import type { KkmServerReply, KkmServerRequest } from './kkmserver-door';
import { Execute } from './execute';
import type { Executed } from './execute';
import { shimPage, shimScript } from './shim';

/** Which site a port belongs to; null while that is not clear. */
export type SiteOfPort = () => Promise<string | null>;

/** Injection token of {@link SiteOfPort}. */
export const siteOfPort = Symbol('the site of a port');

/** Told every answer: the command, and its status in the answer. */
export type CountAnswer = (command: string, status: unknown) => void;

/** Injection token of {@link CountAnswer}. */
export const countAnswer = Symbol('counts answers');

/** The paths of the KkmServer door. */
@Controller()
export class KkmServerController {
  constructor(
    private readonly execute: Execute,
    @Inject(siteOfPort) private readonly site: SiteOfPort,
    @Inject(countAnswer) private readonly count: CountAnswer,
  ) {}

  /** `POST /Execute`, `/Execute/sync`: waits as long as the command's `Timeout` says. */
  @Post(['Execute', 'Execute/sync'])
  @HttpCode(200)
  run(@Req() request: KkmServerRequest, @Res({ passthrough: true }) reply: KkmServerReply): Promise<string> {
    return this.answer(request, reply, false);
  }

  /** `POST /Execute/async`: answers at once. */
  @Post('Execute/async')
  @HttpCode(200)
  begin(@Req() request: KkmServerRequest, @Res({ passthrough: true }) reply: KkmServerReply): Promise<string> {
    return this.answer(request, reply, true);
  }

  /** `GET /kkmserver.js`: what pages know from the browser extension, over this door. */
  @Get('kkmserver.js')
  script(@Res({ passthrough: true }) reply: KkmServerReply): string {
    reply.header('content-type', 'text/javascript; charset=utf-8');
    return shimScript;
  }

  /** `GET /`: says what this is. */
  @Get()
  page(@Res({ passthrough: true }) reply: KkmServerReply): string {
    reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    return shimPage;
  }

  private async answer(request: KkmServerRequest, reply: KkmServerReply, atOnce: boolean): Promise<string> {
    const { httpStatus, command, body } = await this.executed(request, reply, atOnce);
    reply.code(httpStatus);
    this.count(command, body['Status']);
    return JSON.stringify(body);
  }

  /** A client that goes away ends the waiting, not the command. */
  private async executed(request: KkmServerRequest, reply: KkmServerReply, atOnce: boolean): Promise<Executed> {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const siteId = await this.site();
    if (siteId === null) return { httpStatus: 200, command: 'unread', body: refusal('siteUnclear') };
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    reply.raw.once('close', leave);
    try {
      return await this.execute.run({ bytes, atOnce, caller: { siteId, ...admittedOf(request) }, gone: gone.signal });
    } finally {
      reply.raw.off('close', leave);
    }
  }
}
