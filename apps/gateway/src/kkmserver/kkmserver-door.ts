import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { doorText, writeRefusal, writeUncertain } from '@kkm/contracts';
import type { WrittenAnswer } from '@kkm/contracts';
import { check } from '@kkm/core';
import type { KkmCaller } from '@kkm/core';
import type { Log } from '@kkm/messaging';
import type { RateLimit } from '../access/rate-limit';
import { admit, triedAccount } from './admission';
import type { AdmissionRules, Knock } from './admission';

/** The part of a Fastify request that the door reads. */
export interface KkmServerRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly ip: string;
  /** The bytes of the body; undefined when there is none. */
  readonly body: unknown;
  readonly raw: { readonly headers: IncomingHttpHeaders };
  /** Set by the door once the sender is let in. */
  admitted: Pick<KkmCaller, 'account' | 'mayGiveBack'> | null;
}

/** The part of a Fastify reply that the door writes. */
export interface KkmServerReply {
  readonly raw: ServerResponse;
  readonly sent: boolean;
  code(status: number): KkmServerReply;
  header(name: string, value: string): KkmServerReply;
  send(body?: string): unknown;
}

type Hook = (request: KkmServerRequest, reply: KkmServerReply, done: () => void) => void;

/** The part of a Fastify instance that the door needs. */
export interface KkmServerServer {
  decorateRequest(name: string, value: null): unknown;
  addHook(name: 'onRequest', hook: Hook): unknown;
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    options: { readonly parseAs: 'buffer' },
    parser: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): unknown;
}

/** What the door asks. */
export interface KkmServerDoorOptions {
  readonly rules: AdmissionRules;
  /** Requests of one address. */
  readonly rate: RateLimit;
  /** Wrong passwords of one address at one account. */
  readonly guesses: RateLimit;
  readonly log: Log;
}

/** Most bytes of a command: checks carry pictures. */
export const bodyBytes = 1024 * 1024;

/** What every answer says, as answers of a live server 2.1.x did. */
const answerHeaders: readonly (readonly [string, string])[] = [
  ['content-type', 'application/json; charset=utf-8'],
  ['access-control-allow-origin', '*'],
  ['cache-control', 'no-store, no-cache, must-revalidate'],
  ['x-content-type-options', 'nosniff'],
];

/** What a page may send from another origin, and from a public address to a private one. */
const preflightHeaders: readonly (readonly [string, string])[] = [
  ['access-control-allow-methods', 'POST, OPTIONS'],
  ['access-control-allow-headers', 'Content-Type, Authorization'],
  ['access-control-allow-private-network', 'true'],
  ['access-control-max-age', '600'],
];

/** Puts the door before every path of a server: who sends is judged before a byte of the body is read, and a body is bytes whatever it calls itself. */
export function hangKkmServerDoor(server: KkmServerServer, options: KkmServerDoorOptions): void {
  server.decorateRequest('admitted', null);
  server.addHook('onRequest', (request, reply, done) => {
    for (const [name, value] of answerHeaders) reply.header(name, value);
    if (request.method === 'OPTIONS') return void preflight(reply);
    // Nothing but a script and a page for people is to be had by GET.
    if (request.method === 'GET' || request.method === 'HEAD') return done();
    if (!mayEnter(request, reply, options)) return;
    // Clients send any type, a wrong one or none.
    delete request.raw.headers['content-type'];
    done();
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** Whom the door let in. */
export function admittedOf(request: KkmServerRequest): Pick<KkmCaller, 'account' | 'mayGiveBack'> {
  check(request.admitted, 'the door names who sends');
  return request.admitted;
}

/** Options of Fastify for requests that reach no hook: paths that cannot be decoded, and what is no HTTP at all. */
export function answerBroken(): object {
  const body = JSON.stringify(refusal('requestBroken'));
  const headers = Object.fromEntries(answerHeaders);
  return {
    frameworkErrors: (_error: unknown, _request: unknown, reply: { readonly raw: ServerResponse; hijack(): unknown }) => {
      reply.hijack();
      reply.raw.writeHead(400, headers).end(body);
    },
    clientErrorHandler: (_error: Error, socket: Duplex) => {
      if (!socket.writable) return void socket.destroy();
      const head = answerHeaders.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.end(`HTTP/1.1 400 Bad Request\r\n${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
    },
  };
}

/** An answer of the door itself: no command was read. */
export function refusal(text: Parameters<typeof doorText>[0]): WrittenAnswer {
  return writeRefusal({ name: '', idCommand: '', error: doorText(text) });
}

function preflight(reply: KkmServerReply): void {
  for (const [name, value] of preflightHeaders) reply.header(name, value);
  reply.code(204).send();
}

function mayEnter(request: KkmServerRequest, reply: KkmServerReply, { rules, rate, guesses, log }: KkmServerDoorOptions): boolean {
  const { ip } = request;
  const waitSeconds = rate.take(ip);
  // A poller must not take this for the end of its command.
  if (waitSeconds > 0) return later(reply, waitSeconds, writeUncertain({ name: '', idCommand: '', error: doorText('tooManyRequests') }));
  const knock = knockOf(request);
  const guess = `${ip} ${triedAccount(knock, rules)}`;
  const barredSeconds = knock.authorization ? guesses.wait(guess) : 0;
  if (barredSeconds > 0) return later(reply, barredSeconds, refusal('tooManyGuesses'));
  const admission = admit(knock, rules);
  if (admission.kind === 'admitted') {
    const { account, mayGiveBack } = admission;
    request.admitted = { account, mayGiveBack };
    return true;
  }
  if (admission.as !== null) {
    guesses.take(guess);
    log.warn({ peer: ip, account: admission.as }, 'A wrong password came to the KkmServer door.');
  }
  reply
    .code(401)
    .header('www-authenticate', 'Basic realm="KkmServer", charset="UTF-8"')
    .send(JSON.stringify(refusal(admission.why)));
  return false;
}

function later(reply: KkmServerReply, seconds: number, body: WrittenAnswer): false {
  reply.code(429).header('retry-after', String(seconds)).send(JSON.stringify(body));
  return false;
}

function knockOf({ headers, ip }: KkmServerRequest): Knock {
  return {
    authorization: headers.authorization,
    origin: headers.origin,
    peer: ip,
    forwarded: ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined),
  };
}
