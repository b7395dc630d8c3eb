import { connect } from 'node:net';
import fc from 'fast-check';
import { routes } from '@kkm/contracts';
import type { Problem } from '@kkm/contracts';
import { errorCatalogue, Unavailable } from '@kkm/core';
import { describeWith, eventually } from '@kkm/testkit';
import { GatewayUnderTest, operatorKey } from '../testing/gateway-under-test';

describeWith(['broker', 'database'], 'the HTTP door', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
  });
  afterAll(() => gateway.stop());

  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${gateway.url}/v1/payments`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json', 'idempotency-key': 'k', ...headers },
    });
  const codeOf = async (response: Response) => {
    const problem = (await response.json()) as Problem;
    expect([response.headers.get('content-type'), problem.status]).toEqual(['application/problem+json; charset=utf-8', response.status]);
    return [response.status, problem.code];
  };

  it('refuses a path that is not there and a method that the path does not take', async () => {
    expect((await gateway.ask<Problem>('GET', '/v1/nothing')).body.code).toBe('request.not_found');
    expect((await gateway.ask<Problem>('GET', '/v1/payments/a/b/c')).body.code).toBe('request.not_found');
    const put = await gateway.ask<Problem>('PUT', '/v1/payments', { body: {} });
    expect([put.status, put.body.code, put.headers.get('allow')]).toEqual([405, 'request.method_not_allowed', 'POST, GET']);
    expect((await gateway.ask<Problem>('DELETE', '/v1/payments/pay_1')).headers.get('allow')).toBe('GET');
  });

  it('refuses bodies it cannot read', async () => {
    expect(await codeOf(await post('{"siteId": '))).toEqual([400, 'request.malformed']);
    expect(await codeOf(await post(new Uint8Array([0x22, 0xff, 0xfe, 0x22])))).toEqual([400, 'request.malformed']);
    expect(await codeOf(await post('{}', { 'content-type': 'text/plain' }))).toEqual([415, 'request.unsupported_media_type']);
    expect(await codeOf(await post('{}', { 'content-type': 'application/jsonp' }))).toEqual([415, 'request.unsupported_media_type']);
    expect(await codeOf(await post('{}', { 'content-type': 'application/x-www-form-urlencoded' }))).toEqual([415, 'request.unsupported_media_type']);
    expect(await codeOf(await post(`"${'x'.repeat(64 * 1024)}"`))).toEqual([413, 'request.too_large']);
    expect(await codeOf(await post(''))).toEqual([422, 'request.invalid']);
    expect(await codeOf(await post('[]'))).toEqual([422, 'request.invalid']);
    expect(await codeOf(await post('{}', { 'content-type': 'application/json; charset=utf-8' }))).toEqual([422, 'request.invalid']);
    expect(await codeOf(await post('{}', { 'content-type': 'application/cloudevents+json' }))).toEqual([422, 'request.invalid']);
  });

  it('answers what is no HTTP, and URLs that cannot be decoded, with a problem', async () => {
    expect(await codeOf(await fetch(`${gateway.url}/v1/%zz`))).toEqual([400, 'request.malformed']);
    const { hostname, port } = new URL(gateway.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write('NONSENSE\r\n\r\n'));
      let all = '';
      socket.on('data', (part) => (all += part.toString()));
      socket.on('close', () => resolve(all));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*request\.malformed/);
  });

  it('says on every answer that it is not to be sniffed, framed or kept, and which request it was', async () => {
    for (const [path, key] of [
      ['/v1/payments', operatorKey],
      ['/v1/payments', null],
      ['/v1/nothing', operatorKey],
      ['/problems/internal', null],
    ] as const) {
      const { headers } = await gateway.ask('GET', path, { key, headers: { 'x-request-id': 'mine-1' } });
      expect([
        headers.get('x-content-type-options'),
        headers.get('cache-control'),
        headers.get('content-security-policy'),
        headers.get('x-request-id'),
      ]).toEqual(['nosniff', 'no-store', "default-src 'none'; frame-ancestors 'none'", 'mine-1']);
      expect(headers.get('x-powered-by')).toBeNull();
    }
    expect((await gateway.ask('GET', '/v1/sites', { headers: { 'x-request-id': 'a b\t"' } })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('explains every code behind its type, for people and for programs', async () => {
    for (const code of Object.keys(errorCatalogue)) {
      const { body } = await gateway.ask<{ code: string; remedy: string }>('GET', `/problems/${code}`, { key: null });
      expect(body).toMatchObject({ code, remedy: expect.stringMatching(/\.$/) });
    }
    const page = await gateway.ask<string>('GET', '/problems/internal', { key: null, headers: { accept: 'text/html' } });
    expect(page.body).toContain('<code>internal</code>');
    expect((await gateway.ask<Problem>('GET', '/problems/toString', { key: null })).status).toBe(404);
    const { body } = await gateway.ask<Problem>('GET', '/v1/nothing');
    expect((await fetch(body.type)).status).toBe(200);
  });

  it('shows nothing of a bug but its code', async () => {
    gateway.ledger.failures.set('payments.list', new TypeError('secret stack at /home/x.ts') as never);
    const { status, body } = await gateway.ask<Problem>('GET', '/v1/payments');
    gateway.ledger.failures.clear();
    expect([status, body.code, Object.keys(body).sort()]).toEqual([500, 'internal', ['code', 'instance', 'status', 'title', 'type']]);
  });

  it('says when its own settings cannot be read', async () => {
    const { dataSource } = gateway.servers;
    const pool = dataSource.driver as unknown as { master: { connect: () => Promise<unknown> } };
    const { connect: real } = pool.master;
    pool.master.connect = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    try {
      const { status, headers, body } = await gateway.ask<Problem>('GET', '/v1/sites');
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'settings.unavailable', '2']);
      const ready = await fetch(`${gateway.url}/health/ready`);
      expect([ready.status, await ready.json()]).toEqual([503, { status: 'unavailable', checks: { broker: true, database: false } }]);
    } finally {
      pool.master.connect = real;
    }
  });

  it('serves both documents', async () => {
    expect((await gateway.ask<{ openapi: string }>('GET', '/v1/openapi.json')).body.openapi).toBe('3.1.0');
    expect((await gateway.ask<{ asyncapi: string }>('GET', '/v1/asyncapi.json')).body.asyncapi).toBe('3.0.0');
  });

  it('serves every route of the table, and nothing that is not in it', async () => {
    for (const { method, path } of routes.filter((route) => route.path !== '/v1/stream')) {
      const { body } = await gateway.ask<Problem>(method, path.replace('{code}', 'internal').replace(/\{\w+\}/g, 'x-1'), {
        headers: { 'idempotency-key': 'k' },
      });
      expect([method, path, body.code]).not.toEqual([method, path, 'request.not_found']);
    }
  });

  it('counts what it answers', async () => {
    await gateway.ask('GET', '/v1/sites');
    await eventually(async () => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(text).toMatch(/kkm_http_requests_total\{operation="listSites",status="200",service="gateway"\} [1-9]/);
      expect(text).toMatch(/kkm_rpc_seconds_count\{[^}]*method="payments\.list"/);
    });
  });

  it('is ready with its broker and database', async () => {
    const ready = await fetch(`${gateway.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', checks: { broker: true, database: true } }]);
  });

  it('fails on no name with a control character, which Postgres takes in no text', async () => {
    gateway.ledger.failures.set('terminals.standing', new Unavailable('ledger.unavailable')); // Keeps the seeded terminal.
    const failed: string[] = [];
    for (const { method, path } of routes.filter((route) => route.path.includes('{'))) {
      const { status, body } = await gateway.ask<Problem>(method, path.replace(/\{\w+\}/g, 'a%00'), {});
      if (status >= 500 && body.code !== 'ledger.unavailable') failed.push(`${method} ${path}: ${status}`);
    }
    expect(failed).toEqual([]);
  });

  it('fails on no input', async () => {
    gateway.ledger.failures.set('terminals.standing', new Unavailable('ledger.unavailable')); // Keeps the seeded terminal through what is sent.
    const targets = routes.filter(({ path }) => path !== '/v1/stream');
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('', '\u0000', '\ud800', '__proto__', 'constructor', '../..', 'club-1', 'pax-1', "'; drop table gateway.site; --", '1e999', '-0'),
    );
    const json = fc.oneof(
      fc.json({ maxDepth: 4 }).map((one) => JSON.parse(one) as unknown),
      fc.dictionary(fc.oneof(memberNames(), text), fc.oneof(text, fc.integer(), fc.double(), fc.jsonValue(), fc.constant(null))),
    );
    const request = fc.record({
      route: fc.constantFrom(...targets),
      id: text,
      query: fc.dictionary(fc.oneof(memberNames(), text), text, { maxKeys: 3 }),
      body: json,
      key: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }).map((key) => key.trim()),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ route, id, query, body, key }) => {
        const path = route.path.replace(/\{\w+\}/g, encodeURIComponent(wellFormed(id)) || 'x');
        const search = new URLSearchParams(Object.entries(query)).toString();
        const answer = await gateway.ask<Problem>(route.method, `${path}${search && `?${search}`}`, {
          ...(route.body ? { body } : {}),
          headers: { 'idempotency-key': key },
        });
        const known = answer.status < 500 || answer.body.code === 'ledger.unavailable';
        if (!known) throw new Error(`${route.method} ${path}?${search}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }),
      { numRuns: 200 },
    );
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  });
});

function memberNames(): fc.Arbitrary<string> {
  return fc.constantFrom(
    'id',
    'siteId',
    'orderId',
    'amount',
    'currency',
    'method',
    'registerId',
    'terminalId',
    'expiresIn',
    'metadata',
    'name',
    'driver',
    'transport',
    'profile',
    'values',
    'option',
    'limit',
    'cursor',
    'after',
    'from',
    'to',
    'status',
    'scopes',
    'graceSeconds',
    'numDevice',
    'enabled',
    'additional',
  );
}

/** URLs hold no lone surrogates: encoding them throws on the caller's side. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '?');
}
