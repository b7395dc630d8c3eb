import { Rejected } from '@kkm/core';
import type { Route, Scope } from '@kkm/contracts';
import type { Authentication } from '../access/authentication';
import type { Caller } from '../access/caller';
import { mustBeOwnPage } from '../access/own-page';
import type { RateLimit } from '../access/rate-limit';
import { sessionSecretOf } from '../access/session-cookie';
import type { DoorReply, DoorRequest } from './exchange';
import { routeOf } from './route-index';

/** The part of a Fastify instance that the door needs. */
export interface DoorServer {
  decorateRequest(name: string, value: null): unknown;
  addHook(name: 'onRequest', hook: (request: DoorRequest, reply: DoorReply, done: (error?: Error) => void) => void): unknown;
  addHook(name: 'onResponse', hook: (request: DoorRequest, reply: DoorReply, done: () => void) => void): unknown;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(type: string | RegExp, options: { readonly parseAs: 'buffer' }, parser: BodyParser): unknown;
}

/** What the door asks. */
export interface DoorOptions {
  readonly authentication: Authentication;
  readonly rateLimit: RateLimit;
  /** Origin under which browsers see the gateway; null where they see it as it is. */
  readonly publicOrigin: string | null;
  /** Told every answer, by operation (`other` for what is not in the table). */
  readonly answered: (operation: string, status: number, ms: number) => void;
}

type BodyParser = (request: Pick<DoorRequest, 'method' | 'routeOptions'>, body: Buffer, done: (error: Error | null, body?: unknown) => void) => void;

/** What every answer says to browsers: nothing here may be sniffed, framed, run, cached or read by another site. The admin page's own answers allow what it needs. */
const answerHeaders: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['cache-control', 'no-store'],
];

/** Paths of health, metrics and the admin page's files, which need no key and are not in the table. */
const open = new Set(['/health/live', '/health/ready', '/metrics', '/', '/admin', '/admin/*']);

/** Puts the door before every route: key or session, rate, page and scope are judged before a byte of the body is read, from the one route table. What is not in the table is not served. */
export function hangDoor(server: DoorServer, options: DoorOptions): void {
  server.decorateRequest('caller', null);
  server.addHook('onRequest', (request, reply, done) => {
    for (const [name, value] of answerHeaders) reply.header(name, value);
    reply.header('x-request-id', request.id);
    admit(request, options).then(() => done(), done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    options.answered(routeOf(request.method, request.routeOptions.url)?.operationId ?? 'other', reply.statusCode, reply.elapsedTime);
    done();
  });
  readBodies(server);
}

async function admit(request: DoorRequest, options: DoorOptions): Promise<void> {
  const pattern = request.routeOptions.url;
  if (pattern === undefined || open.has(pattern)) return; // Fastify answers 404 by itself.
  const route = routeOf(request.method, pattern);
  if (!route) throw new Rejected('request.not_found');
  if (route.access === 'public') return;
  if (route.access === 'signature' || route.access === 'password') {
    mayKnock(options.rateLimit, `address ${request.ip}`);
    // Another site's page must not sign a browser in either: the user would act for a stranger.
    if (route.access === 'password') mustBeOwnPage(request, options.publicOrigin);
    return;
  }
  const identified = identify(request, options);
  const caller = identified instanceof Promise ? await identified : identified;
  mayKnock(options.rateLimit, caller.id);
  // Known even where it is refused: the refusal is noted too.
  request.caller = caller;
  if (caller.kind === 'user' && !isSafe(request.method)) mustBeOwnPage(request, options.publicOrigin);
  mustHaveScope(caller, route);
}

/** A key, where one is sent, else the cookie: what a program sends by itself is never mixed with what a browser adds. */
function identify({ headers }: DoorRequest, { authentication }: DoorOptions): Caller | Promise<Caller> {
  const { authorization } = headers;
  const secret = authorization === undefined ? sessionSecretOf(headers['cookie']) : null;
  if (secret !== null) return authentication.identifySession(secret);
  return authentication.identify(typeof authorization === 'string' ? authorization : undefined);
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function mayKnock(rateLimit: RateLimit, who: string): void {
  const waitSeconds = rateLimit.take(who);
  if (waitSeconds > 0) throw new Rejected('request.rate_limited', { members: { retryAfterSeconds: waitSeconds } });
}

function mustHaveScope(caller: Caller, { access }: Route): void {
  if (access === 'session' && caller.kind !== 'user') throw new Rejected('auth.forbidden', { detail: 'Needs a user who is signed in; a key has no session.' });
  if (!isScopes(access) || access.some((scope) => caller.scopes.includes(scope))) return;
  throw new Rejected('auth.forbidden', { detail: `Needs scope ${access.join(' or ')}.` });
}

function isScopes(access: Route['access']): access is readonly Scope[] {
  return Array.isArray(access);
}

/** JSON in UTF-8 is the only body, an empty one counts as none; but where the sender's signature is over the bytes, they are left as they are. */
function readBodies(server: DoorServer): void {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(/^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i, { parseAs: 'buffer' }, (request, body, done) => {
    if (takesRaw(request)) return done(null, body);
    try {
      done(null, body.length === 0 ? undefined : (JSON.parse(utf8.decode(body)) as unknown));
    } catch {
      done(new Rejected('request.malformed'));
    }
  });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (takesRaw(request)) done(null, body);
    else if (!routeOf(request.method, request.routeOptions.url))
      done(null); // There is no such route, which is said next.
    else done(new Rejected('request.unsupported_media_type'));
  });
}

function takesRaw({ method, routeOptions }: Pick<DoorRequest, 'method' | 'routeOptions'>): boolean {
  return routeOf(method, routeOptions.url)?.rawBody === true;
}
