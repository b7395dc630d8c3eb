import { describeWith, ScriptedReceiver, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { CompletionEvent } from '@kkm/core';
import { Webhook } from 'standardwebhooks';
import { approved, declined, LedgerOnTrial } from '../testing/ledger-on-trial';
import { WebhooksOnTrial } from '../testing/webhooks-on-trial';

const hourMs = 3_600_000;

describeWith(['database'], 'what becomes of a webhook', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  let webhooks: WebhooksOnTrial;
  let receiver: ScriptedReceiver;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
    webhooks = await WebhooksOnTrial.on(ledger, database.url, { timeoutMs: 300 });
    receiver = await ScriptedReceiver.start();
  });
  beforeEach(async () => {
    receiver.heard.splice(0);
    receiver.sentBytes = 0;
    ledger.clock.nowMs = Date.now();
    await ledger.rows('delete from ledger.webhook_rate');
    receiver.answer = () => ({ status: 204 });
    await webhooks.read();
  });
  afterEach(() => ledger.rows('delete from ledger.webhook_endpoint'));
  afterAll(async () => {
    await receiver.stop();
    await ledger.close();
    await database.dispose();
  });

  /** Moves the clock to the next try and makes it; how much later that is. */
  const nextTry = async (endpointId: string): Promise<number | null> => {
    const due = await webhooks.nextDueMs(endpointId);
    if (due === null) return null;
    const pausedMs = due - ledger.clock.nowMs;
    ledger.clock.nowMs = due;
    await webhooks.send();
    return pausedMs;
  };
  const only = async (endpointId: string) => {
    const [delivery, ...others] = await webhooks.deliveries(endpointId);
    expect(others).toEqual([]);
    if (!delivery) throw new Error('there is no delivery');
    return delivery;
  };
  const onlySucceeded = ['kkm.payment.succeeded.v1'] as const;

  it('carries the event as kkm.events does, signed, with every type or those that are wanted', async () => {
    const all = await webhooks.endpoint(`${receiver.url}/all`);
    const some = await webhooks.endpoint(`${receiver.url}/some`, { siteId: 'club-1', eventTypes: onlySucceeded });
    await webhooks.endpoint(`${receiver.url}/other`, { siteId: 'club-2' });
    const command = await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    const feed = await ledger.feed.execute({ scope: null, after: null, limit: 1_000 });
    const events = feed.events.filter(({ subject }) => subject === command.paymentId);
    const heard = (path: string) => receiver.heard.filter((request) => request.path === path);
    const verified = (path: string, secret: string): CompletionEvent[] =>
      heard(path).map(({ body, headers }) => {
        const event = new Webhook(secret).verify(body, headers as Record<string, string>) as CompletionEvent;
        expect([headers['webhook-id'], headers['content-type']]).toEqual([event.id, 'application/cloudevents+json; charset=utf-8']);
        return event;
      });
    const bySequence = (one: CompletionEvent, other: CompletionEvent): number => one.sequence - other.sequence;
    expect(verified('/all', all.secret).sort(bySequence)).toEqual(events);
    expect(events.length).toBeGreaterThan(1);
    expect(verified('/some', some.secret)).toMatchObject([{ type: 'kkm.payment.succeeded.v1', subject: command.paymentId, data: { chargedAmount: 15_000 } }]);
    expect(heard('/other')).toEqual([]);
    expect(() => new Webhook(some.secret).verify(heard('/all')[0]?.body ?? '', heard('/all')[0]?.headers as Record<string, string>)).toThrow();
    expect(await only(some.id)).toMatchObject({ state: 'delivered', origin: 'event', nextTryAt: null, tries: [{ number: 1, code: 204, fault: null }] });
    expect(await webhooks.running.desk.read({ scope: null, id: all.id })).toMatchObject({ waiting: 0, lastFailedAt: null });
  });

  it('is tried for 75 hours, then given up, and shows every try', async () => {
    const { id } = await webhooks.endpoint(receiver.url, { eventTypes: onlySucceeded });
    receiver.answer = () => ({ status: 500, body: 'сбой\u0000 <b>' });
    await ledger.paid(approved());
    await webhooks.read();
    const began = ledger.clock.nowMs;
    await webhooks.send();
    const pauses: (number | null)[] = [];
    for (let pausedMs = await nextTry(id); pausedMs !== null; pausedMs = await nextTry(id)) pauses.push(pausedMs);
    expect(pauses).toEqual([5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000]);
    expect(ledger.clock.nowMs - began).toBeGreaterThan(75 * hourMs);
    expect(new Set(receiver.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.heard.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(10);
    const delivery = await only(id);
    expect(delivery).toMatchObject({ state: 'given_up', nextTryAt: null });
    expect(delivery.tries).toHaveLength(10);
    expect(delivery.tries[9]).toMatchObject({ number: 10, code: 500, response: 'сбой <b>' });
  });

  it('is delivered by the first try that is answered, and is not sent again', async () => {
    const { id } = await webhooks.endpoint(receiver.url, { eventTypes: onlySucceeded });
    receiver.answer = () => (receiver.heard.length < 3 ? { status: 503 } : { status: 200, body: 'ok' });
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    while ((await nextTry(id)) !== null);
    expect((await only(id)).tries.map(({ code }) => code)).toEqual([503, 503, 200]);
    expect(receiver.heard).toHaveLength(3);
  });

  it.each([
    ['a redirect, which is not followed', { status: 302, headers: { location: '/elsewhere' } }, { code: 302, fault: null }],
    ['silence', 'silence', { code: null, fault: 'timeout', response: null }],
    ['a cut connection', 'cut', { code: null, fault: 'ECONNRESET' }],
    ['a refusal', { status: 401, body: 'who?' }, { code: 401, response: 'who?' }],
  ] as const)('is tried again after %s', async (_what, step, tried) => {
    const { id } = await webhooks.endpoint(receiver.url, { eventTypes: onlySucceeded });
    receiver.answer = () => step;
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    expect(await only(id)).toMatchObject({ state: 'waiting', tries: [tried] });
    expect(await webhooks.nextDueMs(id)).toBe(ledger.clock.nowMs + 5_000);
    expect(receiver.heard).toHaveLength(1);
  });

  it('is delivered by an answer without end, and by one that breaks off', async () => {
    const { id } = await webhooks.endpoint(receiver.url);
    receiver.answer = () => (receiver.heard.length % 2 === 0 ? 'endless' : 'half');
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    expect((await webhooks.deliveries(id)).every(({ state, tries }) => state === 'delivered' && (tries[0]?.response?.length ?? 0) <= 1_024)).toBe(true);
    expect(receiver.sentBytes).toBeLessThan(20_000_000);
  });

  it('switches an endpoint off that is gone, and goes on when a person switches it on', async () => {
    const { id } = await webhooks.endpoint(receiver.url, { eventTypes: ['kkm.payment.succeeded.v1', 'kkm.payment.declined.v1'] });
    receiver.answer = () => ({ status: 410 });
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    expect(await only(id)).toMatchObject({ state: 'given_up' });
    expect(await webhooks.running.desk.read({ scope: null, id })).toMatchObject({ enabled: false, disabledBecause: 'gone' });
    await ledger.paid(declined);
    await webhooks.read();
    await webhooks.send();
    expect(receiver.heard).toHaveLength(1);
    const change = { scope: null, id, name: null, url: null, eventTypes: null, by: 'a person' };
    expect(await webhooks.running.desk.change({ ...change, enabled: true })).toMatchObject({ enabled: true, disabledBecause: null, changedBy: 'a person' });
    receiver.answer = () => ({ status: 204 });
    await ledger.paid(declined);
    await webhooks.read();
    await webhooks.send();
    expect(receiver.heard).toHaveLength(2);
  });

  it('waits while its endpoint is switched off, and goes on when it is on again', async () => {
    const { id } = await webhooks.endpoint(receiver.url, { eventTypes: onlySucceeded });
    await ledger.paid(approved());
    await webhooks.read();
    const change = { scope: null, id, name: null, url: null, eventTypes: null, by: 'a person' };
    expect(await webhooks.running.desk.change({ ...change, enabled: false })).toMatchObject({ waiting: 1, disabledBecause: null });
    await webhooks.send();
    expect(receiver.heard).toEqual([]);
    await webhooks.running.desk.change({ ...change, enabled: true });
    await webhooks.send();
    expect(await only(id)).toMatchObject({ state: 'delivered' });
  });

  it('leaves an endpoint alone for as long as it asks, and no other', async () => {
    const busy = await webhooks.endpoint(`${receiver.url}/busy`, { eventTypes: onlySucceeded });
    await webhooks.endpoint(`${receiver.url}/free`, { eventTypes: onlySucceeded });
    receiver.answer = ({ path }) => (path === '/busy' ? { status: 429, headers: { 'retry-after': '600' } } : { status: 204 });
    const heard = (path: string): number => receiver.heard.filter((request) => request.path === path).length;
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    expect([heard('/busy'), heard('/free')]).toEqual([1, 2]);
    ledger.clock.nowMs += 599_000;
    await webhooks.send();
    expect(heard('/busy')).toBe(1);
    receiver.answer = () => ({ status: 204 });
    ledger.clock.nowMs += 1_000;
    await webhooks.send();
    expect(heard('/busy')).toBe(3);
    expect((await webhooks.running.desk.read({ scope: null, id: busy.id })).waiting).toBe(0);
  });

  it('is signed by the secret before as well while the overlap lasts', async () => {
    const endpoint = await webhooks.endpoint(receiver.url, { eventTypes: onlySucceeded });
    const next = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const { secrets } = await webhooks.running.desk.rotate({
      scope: null,
      id: endpoint.id,
      sealedSecret: await webhooks.sealed(endpoint.id, next),
      overlapSeconds: 60,
      by: 'a person',
    });
    expect(secrets).toMatchObject([{ endsAt: null }, { endsAt: new Date(ledger.clock.nowMs + 60_000).toISOString() }]);
    const sent = async (): Promise<(secret: string) => boolean> => {
      receiver.heard.splice(0);
      await ledger.paid(approved());
      await webhooks.read();
      await webhooks.send();
      const [request] = receiver.heard;
      return (secret) => {
        try {
          new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>);
          return true;
        } catch {
          return false;
        }
      };
    };
    const during = await sent();
    expect([during(endpoint.secret), during(next)]).toEqual([true, true]);
    ledger.clock.nowMs += 60_000;
    const after = await sent();
    expect([after(endpoint.secret), after(next)]).toEqual([false, true]);
  });

  it('is signed by the three newest secrets at most, and those are shown', async () => {
    const endpoint = await webhooks.endpoint(receiver.url, { eventTypes: onlySucceeded });
    const known = { scope: null, id: endpoint.id };
    for (let number = 1; number <= 4; number += 1) {
      const sealedSecret = await webhooks.sealed(endpoint.id, `whsec_${Buffer.alloc(32, number).toString('base64')}`);
      await webhooks.running.desk.rotate({ ...known, sealedSecret, overlapSeconds: 3_600, by: 'a person' });
    }
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    const signatures = String(receiver.heard[0]?.headers['webhook-signature']).split(' ');
    expect([signatures.length, (await webhooks.running.desk.read(known)).secrets.length]).toEqual([3, 3]);
  });

  it('is forgotten 30 days after its end, and never while it waits', async () => {
    const done = await webhooks.endpoint(`${receiver.url}/done`, { eventTypes: onlySucceeded });
    const late = await webhooks.endpoint(`${receiver.url}/late`, { eventTypes: onlySucceeded });
    receiver.answer = ({ path }) => ({ status: path === '/done' ? 204 : 500 });
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    const left = async (laterMs: number): Promise<readonly number[]> => {
      ledger.clock.nowMs += laterMs;
      await webhooks.running.chores.find(({ what }) => what === 'forget webhooks')?.work();
      return Promise.all([done.id, late.id].map(async (id) => (await webhooks.deliveries(id)).length));
    };
    expect([await left(30 * 24 * hourMs), await left(60_000)]).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });

  it('is not sent unsigned when its secret cannot be opened', async () => {
    const { id } = await webhooks.endpoint(receiver.url, { eventTypes: onlySucceeded });
    await ledger.rows(`update ledger.webhook_secret set sealed = $1`, [await webhooks.sealed('hook_another', 'whsec_x')]);
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    expect(receiver.heard).toEqual([]);
    expect(await only(id)).toMatchObject({ state: 'waiting', tries: [{ code: null, fault: 'webhook.unavailable' }] });
  });
});
