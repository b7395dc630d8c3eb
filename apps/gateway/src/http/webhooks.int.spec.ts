import { Unavailable } from '@kkm/core';
import type { WebhookDelivery, WebhookEndpoint } from '@kkm/core';
import type { ApiKey, Problem } from '@kkm/contracts';
import { describeWith } from '@kkm/testkit';
import { GatewayUnderTest } from '../testing/gateway-under-test';

type Issued = WebhookEndpoint & { readonly secret: string };

describeWith(['broker', 'database'], 'webhook endpoints over HTTP', () => {
  let gateway: GatewayUnderTest;
  const log: string[] = [];
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ log: { write: (line) => void log.push(line) } });
    await gateway.seed('club-1');
    await gateway.seed('club-2');
  });
  afterAll(() => gateway.stop());
  afterEach(() => gateway.ledger.failures.clear());

  const path = '/v1/webhook-endpoints';
  const wanted = { name: 'iCafeCloud', url: 'https://hooks.example/kkm?club=1' };
  const make = async (body: object = {}, key?: string) =>
    gateway.ask<Issued>('POST', path, { body: { ...wanted, siteId: 'club-1', ...body }, ...(key === undefined ? {} : { key }) });
  const keyWith = async (scopes: readonly string[], siteId: string | null = 'club-1'): Promise<string> =>
    (await gateway.ask<ApiKey & { key: string }>('POST', '/v1/api-keys', { body: { name: 'Bob', siteId, scopes } })).body.key;

  it('are made with a secret that is shown once and handed on sealed', async () => {
    const { status, body, headers } = await make({ eventTypes: ['kkm.payment.succeeded.v1'] });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${path}/${body.id}`);
    expect(body).toMatchObject({ ...wanted, siteId: 'club-1', eventTypes: ['kkm.payment.succeeded.v1'], enabled: true, changedBy: 'first key' });
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(gateway.ledger.webhooks.secrets.get(body.id)).toEqual([body.secret]);
    const read = await gateway.ask<WebhookEndpoint>('GET', `${path}/${body.id}`);
    expect(read.body).toEqual({ ...body, secret: undefined });
    const everywhere = JSON.stringify([gateway.ledger.webhooks.asked, read.body, (await gateway.ask('GET', path)).body, log]);
    expect(everywhere).not.toContain(body.secret);
    expect(everywhere).not.toContain(body.secret.slice('whsec_'.length));
  });

  it('get a new secret, shown once, and say how long the one before signs', async () => {
    const { body: endpoint } = await make();
    const { status, body } = await gateway.ask<Issued>('POST', `${path}/${endpoint.id}/rotate`, { body: { overlapSeconds: 60 } });
    expect([status, body.secrets.length]).toEqual([200, 2]);
    expect(gateway.ledger.webhooks.secrets.get(endpoint.id)).toEqual([endpoint.secret, body.secret]);
    expect(body.secret).not.toBe(endpoint.secret);
    expect(gateway.ledger.webhooks.asked.at(-1)).toMatchObject({ call: 'webhooks.rotate', request: { overlapSeconds: 60 } });
    expect((await gateway.ask('POST', `${path}/${endpoint.id}/rotate`)).status).toBe(200);
    expect(gateway.ledger.webhooks.asked.at(-1)).toMatchObject({ request: { overlapSeconds: 86_400 } });
  });

  it('change member by member, and are deleted', async () => {
    const { body: endpoint } = await make({ eventTypes: ['kkm.payment.declined.v1'] });
    const change = (body: object) => gateway.ask<WebhookEndpoint>('PATCH', `${path}/${endpoint.id}`, { body });
    expect((await change({ enabled: false })).body).toMatchObject({ ...wanted, enabled: false, eventTypes: ['kkm.payment.declined.v1'] });
    expect((await change({ eventTypes: null, name: 'Ours' })).body).toMatchObject({ enabled: false, eventTypes: null, name: 'Ours' });
    expect((await gateway.ask('DELETE', `${path}/${endpoint.id}`)).status).toBe(204);
    expect(await gateway.ask('GET', `${path}/${endpoint.id}`)).toMatchObject({ status: 404, body: { code: 'webhook.not_found' } });
  });

  it('belong to a site, or to an operator', async () => {
    const key = await keyWith(['admin']);
    expect((await make({ siteId: undefined }, key)).body).toMatchObject({ siteId: 'club-1' });
    expect(await make({ siteId: 'club-2' }, key)).toMatchObject({ status: 404, body: { code: 'equipment.not_found' } });
    expect(await make({ siteId: null }, key)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    const { body: ofAll } = await make({ siteId: undefined });
    expect(ofAll.siteId).toBeNull();
    for (const [method, rest] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/deliveries'],
      ['POST', '/rotate'],
      ['POST', '/test'],
      ['POST', '/deliveries/dlv_1/replay'],
    ] as const)
      expect(await gateway.ask<Problem>(method, `${path}/${ofAll.id}${rest}`, { key })).toMatchObject({ status: 404, body: { code: 'webhook.not_found' } });
    expect((await gateway.ask<{ webhookEndpoints: WebhookEndpoint[] }>('GET', path, { key })).body.webhookEndpoints.map(({ siteId }) => siteId)).not.toContain(
      null,
    );
    expect(await make({ siteId: 'club-9' })).toMatchObject({ status: 404, body: { code: 'equipment.not_found' } });
  });

  it.each([
    ['what is no address', { url: 'hooks' }],
    ['another scheme', { url: 'ftp://hooks.example/' }],
    ['an address that runs code', { url: 'javascript:alert(1)' }],
    ['a type of event that KKM does not have', { eventTypes: ['kkm.payment.lost.v1'] }],
    ['no type of event', { eventTypes: [] }],
    ['no name', { name: '' }],
    ['a secret of the caller’s own', { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }],
  ])('refuse %s', async (_what, body) => {
    expect(await make(body)).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
  });

  it('show what was sent, and send it again', async () => {
    const { body: endpoint } = await make();
    const key = await keyWith(['equipment:write']);
    const use = <B = Problem>(method: string, rest: string, body?: object) => gateway.ask<B>(method, `${path}/${endpoint.id}${rest}`, { key, body });
    const page = await use<{ deliveries: WebhookDelivery[] }>('GET', '/deliveries?state=waiting&limit=5&subject=pay_1');
    expect(page.body.deliveries).toMatchObject([{ eventId: 'evt_1', tries: [{ code: 503, response: 'later' }] }]);
    expect(gateway.ledger.webhooks.asked.at(-1)?.request).toMatchObject({ state: 'waiting', limit: 5, subject: 'pay_1', eventId: null, before: null });
    expect(await use<WebhookDelivery>('POST', '/test')).toMatchObject({ status: 202, body: { origin: 'test' } });
    expect(await use<WebhookDelivery>('POST', '/deliveries/dlv_1/replay')).toMatchObject({ status: 202, body: { origin: 'replay' } });
    expect(await use('POST', '/deliveries/dlv_9/replay')).toMatchObject({ status: 404, body: { code: 'webhook.delivery_not_found' } });
    expect(await use('POST', '/replay', { from: '2026-01-01T03:00:00+03:00' })).toMatchObject({ status: 202, body: { replayed: 2 } });
    expect(gateway.ledger.webhooks.asked.at(-1)?.request).toMatchObject({ from: '2026-01-01T00:00:00.000Z', only: 'all' });
    expect((await use('POST', '/replay', { to: '2026-01-01T00:00:00Z' })).status).toBe(422);
    expect((await use('DELETE', '')).status).toBe(403);
  });

  it('say so when the ledger is away, or has no key', async () => {
    for (const code of ['ledger.unavailable', 'webhook.unavailable'] as const) {
      gateway.ledger.failures.set('webhooks.sealing-key', new Unavailable(code));
      expect(await make()).toMatchObject({ status: 503, body: { code } });
    }
  });
});
