import type { Scope } from '@kkm/contracts';
import { Authentication } from '../access/authentication';
import { keyCaller } from '../access/caller';
import { RateLimit } from '../access/rate-limit';
import { hangDoor } from './door';
import type { DoorServer } from './door';
import type { DoorReply, DoorRequest } from './exchange';

type Hook = (request: DoorRequest, reply: DoorReply, done: (error?: Error) => void) => void;
type Parser = (request: Pick<DoorRequest, 'method' | 'routeOptions'>, body: Buffer, done: (error: Error | null, body?: unknown) => void) => void;

/** A server that keeps what is hung on it. */
class FakeServer {
  readonly hooks = new Map<string, Hook>();
  readonly parsers: Parser[] = [];
  readonly decorateRequest = (): void => undefined;
  readonly removeAllContentTypeParsers = (): void => undefined;
  readonly addHook = (name: string, hook: Hook): unknown => this.hooks.set(name, hook);
  readonly addContentTypeParser = (_type: unknown, _options: unknown, parser: Parser): unknown => this.parsers.push(parser);
}

describe('the door', () => {
  const answered: (readonly [string, number])[] = [];
  const granted: Scope[] = ['payments:read'];
  let server: FakeServer;
  beforeEach(() => {
    server = new FakeServer();
    const key = { id: 'key_1', name: 'n', siteId: null, scopes: granted, hint: 'abcd', createdAt: '2026-01-01T00:00:00Z', rotatedAt: null, revokedAt: null };
    hangDoor(server as DoorServer, {
      authentication: new Authentication(
        { key: () => Promise.resolve(keyCaller(key)), session: () => Promise.resolve({ ...keyCaller(key), kind: 'user', id: 'usr_1' }) },
        () => 0,
      ),
      publicOrigin: null,
      rateLimit: new RateLimit({ perSecond: 1, burst: 2 }, () => 0),
      answered: (operation, status) => answered.push([operation, status]),
    });
  });

  const knock = (method: string, pattern: string | undefined, authorization?: string, ip = '10.0.0.1'): Promise<string> =>
    new Promise((resolve) => {
      const request = { id: 'r', method, headers: { authorization }, ip, routeOptions: { url: pattern }, caller: null } as unknown as DoorRequest;
      const reply = { header: () => undefined } as unknown as DoorReply;
      server.hooks.get('onRequest')?.(request, reply, (error) =>
        resolve(error ? (error as Error & { code: string }).code : (request.caller?.id ?? 'no caller')),
      );
    });

  it('serves no route that the table does not have, with or without a key', async () => {
    expect(await knock('GET', '/v1/forgotten')).toBe('request.not_found');
    expect(await knock('GET', '/v1/forgotten', 'Bearer k')).toBe('request.not_found');
    expect(await knock('DELETE', '/v1/payments/:id', 'Bearer k')).toBe('request.not_found');
  });

  it('lets by what is public, and leaves what no route has to the 404', async () => {
    for (const pattern of ['/health/live', '/health/ready', '/metrics', '/problems/:code', undefined]) expect(await knock('GET', pattern)).toBe('no caller');
  });

  it('names the caller, judges the scope, and counts every knock of a key', async () => {
    expect(await knock('GET', '/v1/payments')).toBe('auth.missing');
    expect(await knock('POST', '/v1/payments', 'Bearer k')).toBe('auth.forbidden');
    expect(await knock('GET', '/v1/payments', 'Bearer k')).toBe('key_1');
    expect(await knock('GET', '/v1/payments', 'Bearer k')).toBe('request.rate_limited');
  });

  it('lets by what its sender signs, without a key, and counts by address', async () => {
    const pattern = '/v1/sbp-notifications/:bank/:siteId';
    expect([await knock('POST', pattern), await knock('POST', pattern, 'Bearer k')]).toEqual(['no caller', 'no caller']);
    expect(await knock('POST', pattern)).toBe('request.rate_limited');
    expect(await knock('POST', pattern, undefined, '10.0.0.2')).toBe('no caller');
    expect(await knock('GET', '/v1/payments', 'Bearer k')).toBe('key_1');
  });

  const readBy = (parser: Parser | undefined, body: Buffer, url = '/v1/payments'): unknown => {
    let result: unknown;
    parser?.({ method: 'POST', routeOptions: { url } }, body, (error, value) => (result = error ?? value));
    return result;
  };

  it('leaves signed bytes as they are, whatever their type, and takes other types nowhere else', () => {
    const signed = '/v1/sbp-notifications/:bank/:siteId';
    const bytes = Buffer.from([0x7b, 0xff]);
    for (const parser of server.parsers) expect(readBy(parser, bytes, signed)).toBe(bytes);
    expect(readBy(server.parsers[1], Buffer.from('{}'))).toMatchObject({ code: 'request.unsupported_media_type' });
  });

  it('reads JSON in UTF-8 and nothing else', () => {
    const read = (body: Buffer): unknown => readBy(server.parsers[0], body);
    expect(read(Buffer.from('{"a":"ж"}'))).toEqual({ a: 'ж' });
    expect(read(Buffer.alloc(0))).toBeUndefined();
    for (const bad of [Buffer.from('{'), Buffer.from([0x22, 0xff, 0x22])]) expect(read(bad)).toMatchObject({ code: 'request.malformed' });
  });

  it('tells answers by operation', () => {
    const tell = server.hooks.get('onResponse');
    for (const url of ['/v1/payments', '/nowhere'])
      tell?.({ method: 'POST', routeOptions: { url } } as unknown as DoorRequest, { statusCode: 201 } as DoorReply, () => undefined);
    expect(answered).toEqual([
      ['openPayment', 201],
      ['other', 201],
    ]);
  });
});
