import { describeWith, eventually, pause, ScriptedReceiver, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { ReplayRangeRequest } from '@kkm/core';
import { Webhook } from 'standardwebhooks';
import { outboundPosts } from '@kkm/outbound';
import { PostgresWebhookBook } from '../postgres/webhook-book';
import { readForWebhooks } from '../postgres/webhook-reader';
import { approved, LedgerOnTrial } from '../testing/ledger-on-trial';
import { WebhooksOnTrial } from '../testing/webhooks-on-trial';
import { WebhookDesk } from './webhook-desk';

const onlySucceeded = { eventTypes: ['kkm.payment.succeeded.v1'] } as const;

describeWith(['database'], 'webhooks', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  let webhooks: WebhooksOnTrial;
  let receiver: ScriptedReceiver;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
    webhooks = await WebhooksOnTrial.on(ledger, database.url);
    receiver = await ScriptedReceiver.start();
  });
  beforeEach(async () => {
    receiver.heard.splice(0);
    receiver.answer = () => ({ status: 204 });
    await webhooks.read();
  });
  afterEach(() => ledger.rows('delete from ledger.webhook_endpoint'));
  afterAll(async () => {
    await receiver.stop();
    await ledger.close();
    await database.dispose();
  });
  const heardAt = (path: string): number => receiver.heard.filter((request) => request.path === path).length;
  const named = (id: string) => ({ scope: null, id });

  it('make one delivery per event and endpoint, however many read the feed at once', async () => {
    const { id } = await webhooks.endpoint(receiver.url, onlySucceeded);
    await Promise.all(Array.from({ length: 5 }, () => ledger.paid(approved())));
    await Promise.all(Array.from({ length: 6 }, () => webhooks.read()));
    expect((await webhooks.deliveries(id)).length).toBe(5);
    // A place that was lost, as by a hand in the database, doubles nothing either.
    await ledger.rows('update ledger.webhook_reader set epoch = 0');
    await webhooks.read();
    expect((await webhooks.deliveries(id)).length).toBe(5);
    await webhooks.send();
    expect(new Set(receiver.heard.map(({ headers }) => headers['webhook-id'])).size).toBe(5);
    expect(receiver.heard).toHaveLength(5);
  });

  it('are made by one reader at a time, for whom no other waits', async () => {
    const { id } = await webhooks.endpoint(receiver.url, onlySucceeded);
    const other = ledger.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query('select pg_advisory_xact_lock(5893, 2)');
    await ledger.paid(approved());
    expect(await readForWebhooks(ledger.dataSource, ledger.clock.nowMs)).toBe(0);
    await other.rollbackTransaction();
    await other.release();
    expect(await webhooks.deliveries(id)).toEqual([]);
    await webhooks.read();
    expect(await webhooks.deliveries(id)).toHaveLength(1);
  });

  it('leave what was recorded before an endpoint was made, and while it was off, to a replay', async () => {
    await ledger.paid(approved());
    await webhooks.read();
    const { id } = await webhooks.endpoint(receiver.url, onlySucceeded);
    const change = { ...named(id), name: null, url: null, eventTypes: null, by: 'a person' };
    await webhooks.running.desk.change({ ...change, enabled: false });
    await ledger.paid(approved());
    await webhooks.read();
    expect(await webhooks.deliveries(id)).toEqual([]);
    await expect(webhooks.running.desk.test(named(id))).rejects.toMatchObject({ code: 'webhook.disabled' });
    await webhooks.running.desk.change({ ...change, enabled: true });
    const range: ReplayRangeRequest = { ...named(id), from: '2020-01-01T00:00:00Z', to: '2199-01-01T00:00:00Z', only: 'all' };
    const { replayed } = await webhooks.running.desk.replayRange(range);
    expect(replayed).toBeGreaterThanOrEqual(2);
    await webhooks.send();
    expect(receiver.heard).toHaveLength(replayed);
    expect(await webhooks.running.desk.replayRange({ ...range, only: 'undelivered' })).toEqual({ replayed: 0 });
    expect(await webhooks.running.desk.replayRange({ ...range, from: '2198-01-01T00:00:00Z' })).toEqual({ replayed: 0 });
    expect((await webhooks.deliveries(id)).every(({ origin, state }) => origin === 'replay' && state === 'delivered')).toBe(true);
  });

  it('are sent again one by one under the same id, also after they were given up', async () => {
    const { id, secret } = await webhooks.endpoint(receiver.url, onlySucceeded);
    await ledger.paid(approved());
    await webhooks.read();
    await webhooks.send();
    const [first] = await webhooks.deliveries(id);
    const again = await webhooks.running.desk.replay({ ...named(id), deliveryId: first?.id ?? '' });
    expect(again).toMatchObject({ origin: 'replay', state: 'waiting', eventId: first?.eventId });
    expect(again.id).not.toBe(first?.id);
    await webhooks.send();
    const [one, other] = receiver.heard;
    expect(one?.headers['webhook-id']).toBe(other?.headers['webhook-id']);
    expect(new Webhook(secret).verify(other?.body ?? '', other?.headers as Record<string, string>)).toEqual(JSON.parse(one?.body ?? ''));
    for (const deliveryId of ['dlv_999999', 'dlv_x', ''])
      await expect(webhooks.running.desk.replay({ ...named(id), deliveryId })).rejects.toMatchObject({ code: 'webhook.delivery_not_found' });
  });

  it('try an endpoint by an event that tells of no payment', async () => {
    const { id, secret } = await webhooks.endpoint(receiver.url, { siteId: 'club-1' });
    const { eventId } = await webhooks.running.desk.test(named(id));
    await webhooks.send();
    const [request] = receiver.heard;
    expect(new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>)).toMatchObject({
      specversion: '1.0',
      id: eventId,
      type: 'kkm.webhook.test.v1',
      data: { endpointId: id, siteId: 'club-1' },
    });
    expect(await webhooks.deliveries(id)).toMatchObject([{ origin: 'test', state: 'delivered', eventType: 'kkm.webhook.test.v1', siteId: 'club-1' }]);
    expect(await webhooks.running.desk.test(named((await webhooks.endpoint(receiver.url)).id))).toMatchObject({ siteId: null, origin: 'test' });
  });

  it('are listed by page, state, event and payment', async () => {
    const { id } = await webhooks.endpoint(receiver.url);
    const command = await ledger.paid(approved());
    await ledger.paid(approved());
    await webhooks.read();
    const ask = { ...named(id), state: null, eventId: null, subject: null, before: null, limit: 200 };
    const { deliveries: all } = await webhooks.running.desk.deliveries(ask);
    const pages = [];
    for (let before: string | null = null, first = true; first || before !== null; first = false) {
      const page = await webhooks.running.desk.deliveries({ ...ask, before, limit: 2 });
      pages.push(...page.deliveries);
      before = page.next;
    }
    expect(pages).toEqual(all);
    const ofPayment = await webhooks.running.desk.deliveries({ ...ask, subject: command.paymentId });
    expect(ofPayment.deliveries).toEqual(all.filter(({ subject }) => subject === command.paymentId));
    expect(ofPayment.deliveries.length).toBeGreaterThan(0);
    const ofEvent = await webhooks.running.desk.deliveries({ ...ask, eventId: all[0]?.eventId ?? '', state: 'waiting' });
    expect(ofEvent.deliveries).toEqual([all[0]]);
    expect((await webhooks.running.desk.deliveries({ ...ask, state: 'delivered' })).deliveries).toEqual([]);
  });

  it('are at most 20 endpoints per site, seen by their site and by operators', async () => {
    for (let n = 0; n < 20; n += 1) await webhooks.endpoint(receiver.url, { siteId: 'club-1' });
    await expect(webhooks.endpoint(receiver.url, { siteId: 'club-1' })).rejects.toMatchObject({ code: 'webhook.too_many' });
    const other = await webhooks.endpoint(receiver.url, { siteId: 'club-2' });
    const ofAll = await webhooks.endpoint(receiver.url);
    const list = (scope: readonly string[] | null, siteId: string | null = null) =>
      webhooks.running.desk.list({ scope, siteId, after: null, limit: 100 }).then(({ endpoints }) => endpoints.map(({ id }) => id));
    expect(await list(['club-2'])).toEqual([other.id]);
    expect(await list(null)).toHaveLength(22);
    expect(await list(null, 'club-2')).toEqual([other.id]);
    for (const { id } of [other, ofAll])
      await expect(webhooks.running.desk.delete({ scope: ['club-1'], id })).rejects.toMatchObject({ code: 'webhook.not_found' });
    await webhooks.running.desk.delete({ scope: ['club-2'], id: other.id });
    await expect(webhooks.running.desk.read(named(other.id))).rejects.toMatchObject({ code: 'webhook.not_found' });
  });

  it('refuse addresses of the own network at once, by text and by name, unless they are allowed', async () => {
    const resolve = () => Promise.resolve([{ address: '10.0.0.8', family: 4 }]);
    const posts = outboundPosts({ privateAllowed: false, timeoutMs: 100, responseBytesMax: 1, resolve });
    const parts = (webhooks.running.desk as unknown as { parts: ConstructorParameters<typeof WebhookDesk>[0] }).parts;
    const desk = new WebhookDesk({ ...parts, posts });
    const { id } = await webhooks.endpoint(receiver.url);
    for (const url of ['http://169.254.169.254/latest', 'https://127.0.0.1/', 'https://intranet.example/', 'http://hooks.example/']) {
      const refused = { code: 'request.invalid', members: { errors: [{ pointer: '#/url' }] } };
      const change = { ...named(id), name: null, url, eventTypes: null, enabled: null, by: 'a person' };
      await expect(desk.change(change)).rejects.toMatchObject(refused);
      const made = { id: 'hook_new', siteId: null, name: 'new', url, eventTypes: null, enabled: true, by: 'a person' };
      await expect(desk.create({ ...made, sealedSecret: await webhooks.sealed('hook_new', 'whsec_x') })).rejects.toMatchObject(refused);
    }
    expect((await webhooks.running.desk.read(named(id))).url).toBe(receiver.url);
  });

  it('go to a site at no more than 200 a minute, whichever endpoints get them, new events before replays', async () => {
    const site = { siteId: 'club-9' };
    await webhooks.endpoint(`${receiver.url}/one`, { ...site, ...onlySucceeded });
    const { id } = await webhooks.endpoint(`${receiver.url}/two`, { ...site, ...onlySucceeded });
    for (let n = 0; n < 40; n += 1) await ledger.paid(approved(), site);
    await webhooks.read();
    await ledger.rows(`insert into ledger.webhook_delivery (endpoint_id, event_pk, event_id, event_type, subject, site_id, origin, rank, due_at, created_at)
      select d.endpoint_id, d.event_pk, d.event_id, d.event_type, d.subject, d.site_id, 'replay', 2, d.due_at, d.created_at from ledger.webhook_delivery d, generate_series(1, 8)`);
    const began = ledger.clock.nowMs;
    const sent: number[] = [];
    for (; ledger.clock.nowMs <= began + 120_000; ledger.clock.nowMs += 405) {
      const before = receiver.heard.length;
      await webhooks.send();
      for (let n = before; n < receiver.heard.length; n += 1) sent.push(ledger.clock.nowMs);
    }
    expect(sent.length).toBeGreaterThan(300);
    for (const atMs of sent) expect(sent.filter((other) => other >= atMs && other <= atMs + 60_000).length).toBeLessThanOrEqual(200);
    const [firstReplay] = await ledger.rows<{ at: Date }>(
      `select min(t.at) as at from ledger.webhook_try t join ledger.webhook_delivery d on d.id = t.delivery_id where d.origin = 'replay' and d.endpoint_id = $1`,
      [id],
    );
    const [lastNew] = await ledger.rows<{ at: Date }>(
      `select max(t.at) as at from ledger.webhook_try t join ledger.webhook_delivery d on d.id = t.delivery_id where d.origin = 'event' and d.endpoint_id = $1`,
      [id],
    );
    expect(firstReplay?.at.getTime()).toBeGreaterThanOrEqual(lastNew?.at.getTime() ?? Infinity);
  });

  it('are claimed by one at a time, and by another when the first died', async () => {
    const { id: endpointId } = await webhooks.endpoint(receiver.url, onlySucceeded);
    await ledger.paid(approved());
    await webhooks.read();
    const book = new PostgresWebhookBook(ledger.dataSource);
    const lane = { endpointId, siteId: 'club-1' };
    const rounds = await Promise.all(Array.from({ length: 4 }, () => book.claim(lane, ledger.clock.nowMs)));
    expect(rounds.filter((round) => round !== null)).toHaveLength(1);
    expect(await book.claim(lane, ledger.clock.nowMs + 29_000)).toBeNull();
    ledger.clock.nowMs += 30_000;
    await webhooks.send();
    expect(receiver.heard).toHaveLength(1);
    const [late] = rounds.flatMap((round) => round?.claimed ?? []);
    if (!late) throw new Error('nothing was claimed');
    const made = { delivery: late, atMs: ledger.clock.nowMs, tookMs: 1, code: 500, fault: null, response: '' };
    await book.note(lane, { ...made, decision: { kind: 'given-up', holdUntilMs: null } });
    expect(await webhooks.deliveries(endpointId)).toMatchObject([{ state: 'delivered', tries: [{ code: 204 }] }]);
  });

  describe('by their own jobs', () => {
    let reading: NodeJS.Timeout;
    beforeAll(async () => {
      ledger.clock.nowMs = Date.now();
      await webhooks.running.start();
      // As the ledger's chores do: what is told of while another transaction of the cluster is open can be read only after it.
      reading = setInterval(() => webhooks.running.wake(), 250);
    });
    afterAll(async () => {
      clearInterval(reading);
      await webhooks.running.stop();
    });
    beforeEach(() => {
      ledger.clock.nowMs = Date.now();
    });

    it('are sent within moments of the commit, and no slow endpoint delays another', async () => {
      await Promise.all(Array.from({ length: 6 }, (_, n) => webhooks.endpoint(`${receiver.url}/slow-${n}`, { siteId: 'club-7' })));
      await webhooks.endpoint(`${receiver.url}/quick`, { siteId: 'club-7', ...onlySucceeded });
      receiver.answer = ({ path }) => (path === '/quick' ? { status: 204 } : 'silence');
      for (let n = 0; n < 5; n += 1) {
        const before = heardAt('/quick');
        await ledger.paid(approved(), { siteId: 'club-7' });
        webhooks.running.wake();
        await eventually(() => expect(heardAt('/quick')).toBe(before + 1), 2_000);
      }
      // A try of the running ledger ends after 15 s.
      const slow = receiver.heard.filter(({ path }) => path === '/slow-0');
      for (const { atMs } of slow) expect(slow.filter((other) => other.atMs >= atMs && other.atMs < atMs + 14_000).length).toBeLessThanOrEqual(4);
    });

    it('go on after the database threw everybody out', async () => {
      await webhooks.endpoint(`${receiver.url}/after`, { siteId: 'club-8', ...onlySucceeded });
      const [gone] = await ledger.rows<{ gone: number }>(
        `select count(pg_terminate_backend(pid)) as gone from pg_stat_activity where datname = current_database() and application_name = 'kkm-ledger-jobs'`,
      );
      expect(gone?.gone).toBeGreaterThan(0);
      await pause(50);
      await ledger.paid(approved(), { siteId: 'club-8' });
      webhooks.running.wake();
      await eventually(() => expect(heardAt('/after')).toBe(1), 10_000);
    });

    it('are found when their job was lost, once they are overdue', async () => {
      const { id } = await webhooks.endpoint(`${receiver.url}/lost`, { siteId: 'club-5', ...onlySucceeded });
      receiver.answer = () => ({ status: heardAt('/lost') < 2 ? 500 : 204 });
      await ledger.paid(approved(), { siteId: 'club-5' });
      await eventually(async () => expect(await webhooks.deliveries(id)).toMatchObject([{ tries: [{ code: 500 }] }]), 10_000);
      await ledger.rows(`delete from ledger._private_jobs`);
      ledger.clock.nowMs += 60_000;
      await webhooks.running.chores.find(({ what }) => what === 'look for overdue webhooks')?.work();
      await eventually(() => expect(heardAt('/lost')).toBe(2), 3_000);
    });

    it('are tried again at their time, without anybody’s call', async () => {
      await webhooks.endpoint(`${receiver.url}/again`, { siteId: 'club-6', ...onlySucceeded });
      receiver.answer = () => (heardAt('/again') < 2 ? { status: 500 } : { status: 204 });
      await ledger.paid(approved(), { siteId: 'club-6' });
      const ticking = setInterval(() => (ledger.clock.nowMs = Date.now()), 50);
      try {
        webhooks.running.wake();
        await eventually(() => expect(heardAt('/again')).toBe(2), 10_000);
      } finally {
        clearInterval(ticking);
      }
      const [first, second] = receiver.heard.filter(({ path }) => path === '/again');
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(4_900);
    });
  });
});
