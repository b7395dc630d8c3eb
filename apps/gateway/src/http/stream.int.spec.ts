import { randomUUID } from 'node:crypto';
import { exchanges } from '@kkm/contracts';
import type { ApiKey, Problem } from '@kkm/contracts';
import type { CompletionEvent, EventPage, Payment, Progress } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import { describeWith, eventually, pause } from '@kkm/testkit';
import { GatewayUnderTest, operatorKey } from '../testing/gateway-under-test';

/** One server-sent event as it was read. */
interface Sent {
  readonly name: string;
  readonly id: string | null;
  readonly data: Partial<CompletionEvent> & Partial<Progress>;
}

/** Reads a stream until it is closed. */
class StreamReader {
  readonly events: Sent[] = [];
  text = '';
  private readonly stop = new AbortController();

  static async open(url: string, key: string, headers: Readonly<Record<string, string>> = {}): Promise<StreamReader> {
    const reader = new StreamReader();
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}`, ...headers }, signal: reader.stop.signal });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    void reader.read(response);
    return reader;
  }

  close(): void {
    this.stop.abort();
  }

  payments(): string[] {
    return this.events.filter(({ name }) => name === 'payment').map(({ data }) => data.id ?? '');
  }

  private async read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
        this.text += decoder.decode(part, { stream: true });
        this.take();
      }
    } catch (error) {
      if (!this.stop.signal.aborted) throw error;
    }
  }

  private take(): void {
    for (let end = this.text.indexOf('\n\n'); end >= 0; end = this.text.indexOf('\n\n')) {
      const block = this.text.slice(0, end);
      this.text = this.text.slice(end + 2);
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
      const data = field('data');
      if (data) this.events.push({ name: field('event') ?? '', id: field('id'), data: JSON.parse(data) as Sent['data'] });
    }
  }
}

describeWith(['broker', 'database'], 'events and the stream', () => {
  let gateway: GatewayUnderTest;
  let siteKey: string;
  const open: StreamReader[] = [];
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
    await gateway.seed('club-2');
    siteKey = (
      await gateway.ask<ApiKey & { key: string }>('POST', '/v1/api-keys', {
        body: { name: 'site', siteId: 'club-1', scopes: ['payments:read', 'payments:write'] },
      })
    ).body.key;
  });
  afterEach(() => open.splice(0).forEach((reader) => reader.close()));
  afterAll(() => gateway.stop());

  const stream = async (key = operatorKey, query = '', headers = {}) => {
    const reader = await StreamReader.open(`${gateway.url}/v1/stream${query}`, key, headers);
    open.push(reader);
    return reader;
  };
  const pay = async (siteId = 'club-1') =>
    (await gateway.pay<Payment>({ siteId, orderId: randomUUID(), amount: 100, currency: 'RUB', registerId: 'desk-1' })).body;
  const progressOf = (payment: Payment, step: string, more: object = {}) => ({
    exchange: exchanges.progress,
    routingKey: `${payment.siteId}.${payment.id}`,
    body: {
      paymentId: payment.id,
      attemptId: 'att_1',
      siteId: payment.siteId,
      terminalId: 'pax-1',
      step,
      n: null,
      of: null,
      detail: null,
      at: new Date().toISOString(),
      ...more,
    },
  });
  const progress = (payment: Payment, step = 'on_terminal', more: object = {}) => gateway.servers.outside.hint(progressOf(payment, step, more));

  it('gives the feed from the beginning, in pages, to whom it belongs', async () => {
    const mine = await pay();
    const others = await pay('club-2');
    const events = [
      await gateway.ledger.announce('accepted', mine),
      await gateway.ledger.announce('accepted', others),
      await gateway.ledger.announce('succeeded', mine),
    ];
    const first = await gateway.ask<EventPage>('GET', '/v1/events?limit=1');
    const rest = await gateway.ask<EventPage>('GET', `/v1/events?after=${first.body.next}`);
    expect([...first.body.events, ...rest.body.events].map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    const seen = await gateway.ask<EventPage>('GET', '/v1/events', { key: siteKey });
    expect(seen.body.events.map(({ id }) => id)).toEqual([events[0]?.id, events[2]?.id]);
    expect((await gateway.ask<EventPage>('GET', `/v1/events?after=${seen.body.next}`)).body).toEqual({ events: [], next: seen.body.next });
    expect((await gateway.ask<Problem>('GET', '/v1/events?after=nonsense')).body.code).toBe('request.invalid');
    for (const limit of ['0', '1001', '', 'ten']) expect((await gateway.ask('GET', `/v1/events?limit=${limit}`)).status).toBe(422);
  });

  it('shows the QR that the guest is to scan', async () => {
    const payment = await pay();
    const reader = await stream();
    const qr = { payload: 'https://qr.nspk.ru/AD10?type=02&sum=100', expiresAt: '2026-01-01T00:03:00.000Z' };
    progress(payment, 'qr_shown', { qr });
    await eventually(() => expect(reader.events.find(({ name }) => name === 'progress')?.data).toMatchObject({ step: 'qr_shown', qr }));
    await gateway.ledger.announce('started', { ...payment, attempts: payment.attempts.map((attempt) => ({ ...attempt, qr })) });
    await eventually(() => expect(reader.events.find(({ name }) => name === 'payment')?.data).toMatchObject({ data: { attempts: [{ qr }] } }));
  });

  it('shows no QR that another site’s worker, or nobody, says is on the screen', async () => {
    const payment = await pay();
    const reader = await stream();
    const { management, url } = gateway.servers.broker;
    await management.createUser('site-club-2', 'secret', { configure: '', write: '.*', read: '' });
    const other = new URL(url);
    [other.username, other.password] = ['site-club-2', 'secret'];
    const worker = await connectBroker({ url: other.href, name: 'worker of club-2' });
    const forged = progressOf(payment, 'qr_shown', { qr: { payload: 'https://qr.nspk.ru/mine', expiresAt: '2026-01-01T00:03:00.000Z' } });
    worker.hint(forged);
    await management.publishUnsigned(forged.exchange, forged.routingKey, forged.body);
    await worker.close();
    await management.deleteUser('site-club-2');
    progress(payment);
    await eventually(() => expect(reader.events.filter(({ name }) => name === 'progress').map(({ data }) => data.step)).toEqual(['on_terminal']));
  });

  it('shows payment changes and live progress from now on', async () => {
    const payment = await pay();
    const reader = await stream();
    const event = await gateway.ledger.announce('started', payment);
    progress(payment);
    await eventually(() => expect(reader.payments()).toEqual([event.id]));
    await eventually(() => expect(reader.events.find(({ name }) => name === 'progress')?.data).toMatchObject({ paymentId: payment.id, step: 'on_terminal' }));
    expect(reader.events.find(({ name }) => name === 'payment')).toMatchObject({
      id: expect.stringMatching(/^c_\d+$/),
      data: { type: 'kkm.payment.started.v1', subject: payment.id },
    });
  });

  it('keeps a site’s stream to the site, and a payment’s to the payment', async () => {
    const mine = await pay();
    const also = await pay();
    const others = await pay('club-2');
    const [site, one] = [await stream(siteKey), await stream(operatorKey, `?paymentId=${also.id}`)];
    for (const payment of [others, mine, also]) progress(payment);
    const [, second, third] = [
      await gateway.ledger.announce('started', others),
      await gateway.ledger.announce('started', mine),
      await gateway.ledger.announce('started', also),
    ];
    await gateway.ledger.announce('rejected', { siteId: null, orderId: null, requestId: 'r', problem: { code: 'request.invalid', title: 't', status: 422 } });
    await eventually(() => expect(site.payments()).toEqual([second.id, third.id]));
    await eventually(() => expect(one.payments()).toEqual([third.id]));
    await pause(100);
    expect(site.payments()).toEqual([second.id, third.id]);
    expect(new Set(site.events.map(({ data }) => data.paymentId ?? data.subject))).toEqual(new Set([mine.id, also.id]));
    expect(new Set(one.events.map(({ data }) => data.paymentId ?? data.subject))).toEqual(new Set([also.id]));
  });

  it('resumes behind the last event a reader saw, without a gap', async () => {
    const payment = await pay();
    const first = await stream();
    const seen = await gateway.ledger.announce('started', payment);
    await eventually(() => expect(first.payments()).toEqual([seen.id]));
    const lastId = first.events.at(-1)?.id ?? '';
    first.close();
    const missed: string[] = [];
    for (let i = 0; i < 30; i += 1) missed.push((await gateway.ledger.announce('started', payment)).id);
    const second = await stream(operatorKey, '', { 'last-event-id': lastId });
    const live = await gateway.ledger.announce('succeeded', payment);
    await eventually(() => expect(second.payments()).toEqual([...missed, live.id]));
    expect((await gateway.ask<Problem>('GET', '/v1/stream', { headers: { 'last-event-id': 'nonsense' } })).body.code).toBe('request.invalid');
  });

  it('shows an event that was never published, because it reads the feed', async () => {
    const payment = await pay();
    const reader = await stream();
    const event = await gateway.ledger.announce('started', payment, false);
    await eventually(() => expect(reader.payments()).toEqual([event.id]));
  });

  it('lets a key hold 50 streams', async () => {
    const key = (await gateway.ask<ApiKey & { key: string }>('POST', '/v1/api-keys', { body: { name: 'many', scopes: ['payments:read'] } })).body.key;
    await Promise.all(Array.from({ length: 50 }, () => stream(key)));
    expect((await gateway.ask<Problem>('GET', '/v1/stream', { key })).body.code).toBe('request.rate_limited');
    open.splice(0).forEach((reader) => reader.close());
    await eventually(() => stream(key));
  });
});
