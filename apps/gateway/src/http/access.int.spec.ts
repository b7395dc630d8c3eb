import { randomUUID } from 'node:crypto';
import { routes, scopes } from '@kkm/contracts';
import type { ApiKey, Problem, Scope } from '@kkm/contracts';
import type { Payment } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import { createLogger, createMetrics } from '@kkm/observability';
import { sqlOf } from '@kkm/postgres';
import { describeWith } from '@kkm/testkit';
import { buildGateway } from '../build-gateway';
import { startDoors } from '../doors.module';
import { GatewayUnderTest, operatorKey } from '../testing/gateway-under-test';

type Issued = ApiKey & { readonly key: string };

describeWith(['broker', 'database'], 'access', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
    await gateway.seed('club-2');
  });
  afterAll(() => gateway.stop());

  const issue = async (siteId: string | null, granted: readonly Scope[]): Promise<Issued> => {
    const { status, body } = await gateway.ask<Issued>('POST', '/v1/api-keys', { body: { name: 'a key', siteId, scopes: granted } });
    expect(status).toBe(201);
    return body;
  };
  const order = (siteId: string) => ({ siteId, orderId: randomUUID(), amount: 100, currency: 'RUB', registerId: 'desk-1' });

  it('lets nobody in without a key, anywhere but at health, metrics, the pages of problems, the door of banks and the sign-in', async () => {
    const open = ['explainProblem', 'hearSbpBank', 'signIn'];
    for (const { method, path, access } of routes.filter(({ operationId }) => !open.includes(operationId))) {
      const { status, headers, body } = await gateway.ask<Problem>(method, path.replace(/\{\w+\}/g, 'x'), { key: null });
      expect([path, access !== 'public', status, body.code]).toEqual([path, true, 401, 'auth.missing']);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    for (const path of ['/health/live', '/health/ready', '/metrics', '/problems/auth.missing']) expect((await fetch(`${gateway.url}${path}`)).status).toBe(200);
  });

  it.each(['Basic a2ttOmtrbQ==', 'Bearer', 'Bearer ', 'Bearer no-such-key', `Bearer ${operatorKey}x`, 'Bearer a b'])(
    'knows no caller by "%s"',
    async (authorization) => {
      const { status, body } = await gateway.ask<Problem>('GET', '/v1/payments', { key: null, headers: { authorization } });
      expect([status, body.code]).toEqual([401, 'auth.invalid']);
    },
  );

  it('judges the key before it reads the body', async () => {
    const { status, body } = await gateway.ask<Problem>('POST', '/v1/payments', { key: null, body: '{"broken', headers: { 'content-type': 'text/plain' } });
    expect([status, body.code]).toEqual([401, 'auth.missing']);
  });

  it('opens each route to exactly the scopes that the route table names', async () => {
    const keys = await Promise.all(scopes.map((scope) => issue(null, [scope])));
    for (const route of routes.filter(({ operationId }) => !['stream', 'signIn'].includes(operationId))) {
      for (const { key, scopes: granted } of keys) {
        const allowed = Array.isArray(route.access) ? route.access.includes(granted[0]) : route.access !== 'session';
        const { status, body } = await gateway.ask<Problem>(route.method, route.path.replace(/\{\w+\}/g, 'no.such'), {
          key,
          ...(route.body ? { body: [] } : {}),
        });
        expect([route.operationId, granted[0], status === 403, body.code === 'auth.forbidden']).toEqual([route.operationId, granted[0], !allowed, !allowed]);
      }
    }
  });

  it('keeps a site’s key to its site', async () => {
    const { key } = await issue('club-1', ['payments:write', 'payments:read', 'equipment:write', 'admin']);
    const own = await gateway.pay<Payment>(order('club-1'), { key });
    const others = await gateway.pay<Payment>(order('club-2'));
    expect(own.status).toBe(201);
    expect((await gateway.pay<Problem>(order('club-2'), { key })).body.code).toBe('auth.forbidden');
    expect((await gateway.ask<Problem>('GET', `/v1/payments/${others.body.id}`, { key })).body.code).toBe('payment.not_found');
    expect((await gateway.ask<Problem>('POST', `/v1/payments/${others.body.id}/cancel`, { key })).body.code).toBe('payment.not_found');
    expect((await gateway.ask<{ payments: Payment[] }>('GET', '/v1/payments', { key })).body.payments.map(({ siteId }) => siteId)).toEqual(['club-1']);
    expect((await gateway.ask<Problem>('GET', '/v1/payments?siteId=club-2', { key })).body.code).toBe('auth.forbidden');
    expect((await gateway.ask<{ sites: { id: string }[] }>('GET', '/v1/sites', { key })).body.sites.map(({ id }) => id)).toEqual(['club-1']);
    expect((await gateway.ask<Problem>('GET', '/v1/terminals/pax-1?siteId=club-2', { key })).body.code).toBe('equipment.not_found');
    expect((await gateway.ask<Problem>('POST', '/v1/sites', { key, body: { id: 'club-3', name: 'x' } })).body.code).toBe('auth.forbidden');
    expect((await gateway.ask<Problem>('DELETE', '/v1/sites/club-1', { key })).body.code).toBe('auth.forbidden');
    expect((await gateway.ask<Problem>('POST', '/v1/registers', { key, body: { id: 'r', siteId: 'club-2', name: 'x' } })).body.code).toBe('auth.forbidden');
    expect((await gateway.ask<Problem>('POST', '/v1/terminal-profiles', { key, body: { id: 'p', name: 'x', driver: 'inpas-sa', values: {} } })).body.code).toBe(
      'auth.forbidden',
    );
    expect((await gateway.ask<Problem>('POST', '/v1/api-keys', { key, body: { name: 'x', scopes: ['admin'] } })).body.code).toBe('auth.forbidden');
    expect((await gateway.ask<{ apiKeys: ApiKey[] }>('GET', '/v1/api-keys', { key })).body.apiKeys.every(({ siteId }) => siteId === 'club-1')).toBe(true);
  });

  it('shows a key once and keeps only its hash', async () => {
    const { key, id, hint } = await issue(null, ['payments:read']);
    expect(key).toMatch(/^kkm_[\w-]{43}$/);
    expect(key.endsWith(hint)).toBe(true);
    const shown = await gateway.ask<ApiKey>('GET', `/v1/api-keys/${id}`);
    expect(JSON.stringify(shown.body)).not.toContain(key.slice(0, -4));
    const rows = await sqlOf(gateway.servers.dataSource).rows<{ all: string }>({
      name: '',
      text: 'select string_agg(api_key::text, chr(10)) as all from gateway.api_key',
    });
    expect(rows[0]?.all).not.toContain(key);
    expect(rows[0]?.all).not.toContain(operatorKey);
  });

  it('stops taking a revoked key at once, for good', async () => {
    const { key, id } = await issue(null, ['payments:read']);
    expect((await gateway.ask('GET', '/v1/payments', { key })).status).toBe(200);
    expect((await gateway.ask('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    expect((await gateway.ask('GET', '/v1/payments', { key })).status).toBe(401);
    expect((await gateway.ask<ApiKey>('GET', `/v1/api-keys/${id}`)).body.revokedAt).not.toBeNull();
    expect((await gateway.ask<Problem>('POST', `/v1/api-keys/${id}/rotate`)).body.code).toBe('api_key.not_found');
    expect((await gateway.ask<Problem>('DELETE', '/v1/api-keys/key_none')).body.code).toBe('api_key.not_found');
    expect((await gateway.ask<Problem>('DELETE', '/v1/api-keys/%00')).body.code).toBe('api_key.not_found');
  });

  it('gives a key a new secret, with the earlier one for as long as asked', async () => {
    const first = await issue(null, ['payments:read']);
    const second = (await gateway.ask<Issued>('POST', `/v1/api-keys/${first.id}/rotate`, { body: { graceSeconds: 60 } })).body;
    for (const { key } of [first, second]) expect((await gateway.ask('GET', '/v1/payments', { key })).status).toBe(200);
    await sqlOf(gateway.servers.dataSource).run({
      name: '',
      text: `update gateway.api_key set earlier_until = now() - interval '1 second' where earlier_until is not null`,
    });
    gateway.parts.authentication.forget();
    expect((await gateway.ask('GET', '/v1/payments', { key: first.key })).status).toBe(401);
    const third = (await gateway.ask<Issued>('POST', `/v1/api-keys/${first.id}/rotate`)).body;
    expect(third.rotatedAt).not.toBeNull();
    for (const { key } of [first, second]) expect((await gateway.ask('GET', '/v1/payments', { key })).status).toBe(401);
    expect((await gateway.ask('GET', '/v1/payments', { key: third.key })).status).toBe(200);
  });

  it('pages through keys', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: { apiKeys: ApiKey[]; next: string | null } } = await gateway.ask('GET', `/v1/api-keys?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.apiKeys.map(({ id }) => id));
      cursor = body.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(5);
  });

  it('takes the bootstrap key only while there is none', async () => {
    const stranger = `kkm_${'s'.repeat(43)}`;
    expect(await gateway.parts.apiKeys.bootstrap(stranger)).toBe(false);
    expect((await gateway.ask('GET', '/v1/payments', { key: stranger })).status).toBe(401);
  });

  it('refuses a key that sends too much, and says for how long', async () => {
    const { broker, dataSource } = gateway.servers;
    const own = await connectBroker({ url: broker.url, name: 'gateway-2' });
    const log = createLogger({ service: 'gateway', level: 'silent' });
    const metrics = createMetrics('gateway');
    const parts = await buildGateway({ broker: own, dataSource, log, metrics, serviceUser: new URL(broker.url).username });
    const app = await startDoors(parts, {
      host: '127.0.0.1',
      port: 0,
      publicOrigin: 'https://kkm.example',
      adminPath: '/nowhere',
      rate: { perSecond: 1, burst: 3 },
      log,
      metrics,
      broker: own,
    });
    const url = await app.getUrl();
    const ask = () => fetch(`${url}/v1/sites`, { headers: { authorization: `Bearer ${operatorKey}` } });
    const statuses = [(await ask()).status, (await ask()).status, (await ask()).status];
    const refused = await ask();
    expect([...statuses, refused.status, refused.headers.get('retry-after')]).toEqual([200, 200, 200, 429, '1']);
    expect(await refused.json()).toMatchObject({ code: 'request.rate_limited', type: 'https://kkm.example/problems/request.rate_limited' });
    await app.close();
    await own.close();
  });
});
