import { randomBytes } from 'node:crypto';
import type { CompletionEvent, DeliveryPage, Payment, WebhookEndpoint } from '@kkm/core';
import { eventually, ScriptedReceiver } from '@kkm/testkit';
import { Webhook } from 'standardwebhooks';
import { describeKkm } from './harness/describe-kkm';
import { sendJson } from './harness/http-answer';
import { runSampleClient } from './harness/sample-client';

type Issued = WebhookEndpoint & { readonly secret: string };

describeKkm('webhooks', { suite: 'webhooks', terminals: 1 }, (kkm) => {
  let receiver: ScriptedReceiver;
  beforeAll(async () => {
    receiver = await ScriptedReceiver.start();
  });
  afterAll(() => receiver.stop());

  const make = async (path: string, members: object = {}): Promise<Issued> => {
    const body = { name: 'ours', url: `${receiver.url}${path}`, siteId: kkm().stack.siteId, ...members };
    const answer = await kkm().call<Issued>('POST', '/v1/webhook-endpoints', { body });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  /** Waits for an event about a payment, and verifies it. */
  const heard = (path: string, secret: string, paymentId: string, type: CompletionEvent['type']) =>
    eventually(() => {
      for (const request of receiver.heard.filter((one) => one.path === path)) {
        const event = new Webhook(secret).verify(request.body, request.headers as Record<string, string>) as CompletionEvent;
        if (event.subject === paymentId && event.type === type) return { event, request };
      }
      throw new Error(`${type} of ${paymentId} was not heard`);
    }, 15_000);
  const settled = (id: string) =>
    eventually(async () => {
      const page = (await kkm().call<DeliveryPage>('GET', `/v1/webhook-endpoints/${id}/deliveries`)).body;
      expect(page.deliveries.every(({ state }) => state === 'delivered')).toBe(true);
      return page.deliveries;
    }, 15_000);

  it('tell a receiver of a paid card payment, signed, with its trace', async () => {
    const { id, secret } = await make('/paid');
    const traceId = randomBytes(16).toString('hex');
    const { body: payment } = await kkm().pay({}, { prefer: 'wait=20', traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` });
    expect(payment.status).toBe('succeeded');
    const { event } = await heard('/paid', secret, payment.id, 'kkm.payment.succeeded.v1');
    expect(event).toMatchObject({ specversion: '1.0', data: { id: payment.id, status: 'succeeded', chargedAmount: 15_000 } });
    const { request } = await heard('/paid', secret, payment.id, 'kkm.payment.accepted.v1');
    expect(request.headers['traceparent']).toContain(traceId);
    const deliveries = await settled(id);
    expect(deliveries.map(({ eventId }) => eventId)).toContain(event.id);
    const feed = await kkm().call<{ events: CompletionEvent[] }>('GET', '/v1/events?limit=1000');
    expect(feed.body.events.find(({ id: eventId }) => eventId === event.id)).toEqual(event);
  });

  it('come again until they are answered, also from a ledger that was killed meanwhile', async () => {
    const { id, secret } = await make('/late', { eventTypes: ['kkm.payment.succeeded.v1'] });
    receiver.answer = ({ path }) => (path === '/late' ? 'silence' : { status: 204 });
    const { body: payment } = await kkm().pay({}, { prefer: 'wait=20' });
    await heard('/late', secret, payment.id, 'kkm.payment.succeeded.v1');
    await kkm().stack.ledger.stop('SIGKILL');
    receiver.heard.splice(0);
    receiver.answer = () => ({ status: 204 });
    kkm().stack.ledger.start();
    await kkm().stack.ledger.ready();
    await eventually(() => expect(receiver.heard.filter(({ path }) => path === '/late')).toHaveLength(1), 60_000);
    expect(await settled(id)).toMatchObject([{ subject: payment.id, tries: [{ code: 204 }] }]);
  });

  it('are replayed and tried by hand', async () => {
    const { id, secret } = await make('/again', { eventTypes: ['kkm.payment.succeeded.v1'] });
    const from = new Date().toISOString();
    const { body: payment } = await kkm().pay({}, { prefer: 'wait=20' });
    const { event } = await heard('/again', secret, payment.id, 'kkm.payment.succeeded.v1');
    expect(await kkm().call('POST', `/v1/webhook-endpoints/${id}/replay`, { body: { from } })).toMatchObject({ status: 202, body: { replayed: 1 } });
    expect((await kkm().call('POST', `/v1/webhook-endpoints/${id}/test`)).status).toBe(202);
    await eventually(
      () => expect(receiver.heard.filter(({ path, headers }) => path === '/again' && headers['webhook-id'] === event.id)).toHaveLength(2),
      15_000,
    );
    expect((await settled(id)).map(({ origin }) => origin).sort()).toEqual(['event', 'replay', 'test']);
  });

  it('tell the sample client how its two payments ended, and a forged one tells it nothing', async () => {
    const { stack, terminals } = kkm();
    await terminals.behave('pax-1', { auto: 'none' });
    const { apiKey, siteId } = stack;
    const client = runSampleClient({ api: stack.gateway.url, apiKey, amqp: stack.place.amqpUrl, siteId, registerId: 'desk-1' });
    await kkm().untilAsksForCard();
    const listed = (await kkm().call<{ webhookEndpoints: WebhookEndpoint[] }>('GET', '/v1/webhook-endpoints')).body.webhookEndpoints;
    const url = String(listed.find(({ name }) => name === 'sample client')?.url);
    const asked = (await kkm().payments()).filter(({ orderId }) => /^(?:http|message)-/.test(orderId));
    const { secret } = await make('/other');
    for (const payment of asked) expect((await forge(url, secret, { ...payment, status: 'declined', sequence: 99 })).status).toBe(401);
    await terminals.behave('pax-1', {});
    await terminals.guest('pax-1', { action: 'tap' });
    const { code, output } = await client;
    expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining('declined') as string });
    for (const sum of ['120.00', '150.00']) expect(output).toContain(`kkm.payment.succeeded.v1  succeeded  charged ${sum} RUB`);
  });

  it('show no secret after they were made', async () => {
    const { id, secret } = await make('/secret');
    const read = await kkm().call<WebhookEndpoint>('GET', `/v1/webhook-endpoints/${id}`);
    expect(JSON.stringify(read.body)).not.toContain(secret.slice('whsec_'.length));
  });
});

/** Sends an event that KKM never sent, signed with another endpoint's secret. */
function forge(url: string, secret: string, data: Payment): Promise<{ readonly status: number }> {
  const body = { type: 'kkm.payment.declined.v1', data };
  const at = new Date();
  const headers = {
    'webhook-id': 'evt_forged',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign('evt_forged', at, JSON.stringify(body)),
  };
  return sendJson('POST', url, { body, headers });
}
