import { Controller, Delete, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import { changeOwnPasswordBody, signInBody } from '@kkm/contracts';
import type { ShownSession } from '@kkm/contracts';
import { userCaller } from '../access/caller';
import { noSessionCookie, sessionCookie, sessionSecretOf } from '../access/session-cookie';
import { Sessions } from '../access/sessions';
import type { BegunSession } from '../access/sessions';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';
import { PublicOrigin } from './origin';

/** Signing in and out over HTTP. */
@Controller('v1/session')
export class SessionController {
  constructor(
    private readonly sessions: Sessions,
    private readonly origin: PublicOrigin,
  ) {}

  /** Signs in. */
  @Post()
  @HttpCode(200)
  async signIn(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<ShownSession> {
    const { name, password } = checked(signInBody, request.body);
    const begun = await this.sessions.signIn({ name, password, ip: request.ip });
    request.caller = userCaller(begun.session); // For the audit.
    return this.hand(begun, request, reply);
  }

  /** Says who is signed in. */
  @Get()
  read(@Req() request: DoorRequest): Promise<ShownSession> {
    return this.sessions.read(sessionSecretOf(request.headers['cookie']));
  }

  /** Signs out. */
  @Delete()
  @HttpCode(204)
  async signOut(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<void> {
    const secret = sessionSecretOf(request.headers['cookie']);
    if (secret !== null) await this.sessions.signOut(secret);
    reply.header('set-cookie', noSessionCookie(this.origin.isSecure(request)));
  }

  /** Sets one's own password. */
  @Put('password')
  async changePassword(@Req() request: DoorRequest, @Res({ passthrough: true }) reply: DoorReply): Promise<ShownSession> {
    const { current, password } = checked(changeOwnPasswordBody, request.body);
    const { name } = callerOf(request);
    return this.hand(await this.sessions.changePassword({ name, password: current, ip: request.ip }, password), request, reply);
  }

  private hand({ session, secret }: BegunSession, request: DoorRequest, reply: DoorReply): ShownSession {
    const seconds = Math.round((Date.parse(session.endsAt) - Date.parse(session.startedAt)) / 1_000);
    reply.header('set-cookie', sessionCookie(secret, { seconds, secure: this.origin.isSecure(request) }));
    return session;
  }
}
