import { describeWith, ScriptedReceiver, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { CompletionEvent } from '@kkm/core';
import { PostgresWebhookEndpoints } from '../postgres/webhook-endpoints';
import { approved, LedgerOnTrial } from '../testing/ledger-on-trial';
import { WebhooksOnTrial } from '../testing/webhooks-on-trial';

describeWith(['database'], 'whose webhooks are whose', () => {
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
  beforeEach(() => webhooks.read());
  afterEach(() => ledger.rows('delete from ledger.webhook_endpoint'));
  afterAll(async () => {
    await receiver.stop();
    await ledger.close();
    await database.dispose();
  });

  const range = { from: '2020-01-01T00:00:00Z', to: '2199-01-01T00:00:00Z', only: 'all' } as const;
  const every = { state: null, eventId: null, subject: null, before: null, limit: 100 };
  /** An endpoint that was told of a payment of its site. */
  const told = async (siteId: string | null) => {
    const { id } = await webhooks.endpoint(receiver.url, { siteId });
    const { paymentId } = await ledger.paid(approved(), { siteId: siteId ?? 'club-1' });
    await webhooks.read();
    await webhooks.send();
    const deliveries = await webhooks.deliveries(id);
    return { id, paymentId, deliveries, deliveryId: deliveries[0]?.id ?? '' };
  };

  it.each(['club-2', null])('keeps a site away from an endpoint of %s, whatever it asks', async (siteId) => {
    const { id, deliveryId } = await told(siteId);
    const { desk } = webhooks.running;
    const named = { scope: ['club-1'], id };
    const sealedSecret = await webhooks.sealed(id, 'whsec_x');
    const before = [await desk.read({ scope: null, id }), await webhooks.deliveries(id)];
    const asks: Readonly<Record<string, () => Promise<unknown>>> = {
      read: () => desk.read(named),
      change: () => desk.change({ ...named, name: 'mine', url: receiver.url, eventTypes: 'all', enabled: false, by: 'a stranger' }),
      rotate: () => desk.rotate({ ...named, sealedSecret, overlapSeconds: 0, by: 'a stranger' }),
      test: () => desk.test(named),
      deliveries: () => desk.deliveries({ ...named, ...every }),
      replay: () => desk.replay({ ...named, deliveryId }),
      replayRange: () => desk.replayRange({ ...named, ...range }),
      delete: () => desk.delete(named),
    };
    for (const [what, ask] of Object.entries(asks)) {
      const met = await ask().then(
        () => 'done',
        (error: unknown) => error,
      );
      expect([what, met]).toEqual([what, expect.objectContaining({ code: 'webhook.not_found' })]);
    }
    expect([await desk.read({ scope: null, id }), await webhooks.deliveries(id)]).toEqual(before);
  });

  it('keeps a site out at the table too, where a caller forgot to look first', async () => {
    const { id } = await told('club-2');
    const endpoints = new PostgresWebhookEndpoints(ledger.dataSource);
    const named = { scope: ['club-1'], id };
    const { nowMs } = ledger.clock;
    const change = { ...named, name: 'mine', url: null, eventTypes: null, enabled: null, by: 'a stranger' };
    const rotate = { ...named, sealedSecret: 'sealed', overlapSeconds: 0, by: 'a stranger' };
    expect([await endpoints.read(named, nowMs), await endpoints.change(change, nowMs), await endpoints.rotate(rotate, nowMs)]).toEqual([null, null, null]);
    expect(await endpoints.delete(named)).toBe(false);
  });

  it('takes no secret that is sealed for another endpoint', async () => {
    const { id } = await told('club-1');
    const sealedSecret = await webhooks.sealed('hook_other', 'whsec_x');
    const made = { id: 'hook_new', siteId: null, name: 'new', url: receiver.url, eventTypes: null, enabled: true, by: 'a person', sealedSecret };
    await expect(webhooks.running.desk.create(made)).rejects.toMatchObject({ code: 'webhook.unavailable' });
    const rotate = { scope: null, id, sealedSecret, overlapSeconds: 0, by: 'a person' };
    await expect(webhooks.running.desk.rotate(rotate)).rejects.toMatchObject({ code: 'webhook.unavailable' });
  });

  it('shows and repeats the deliveries of one endpoint alone', async () => {
    const other = await told(null);
    const own = await told('club-1');
    const named = { scope: ['club-1'], id: own.id };
    const { desk } = webhooks.running;
    for (const deliveryId of other.deliveries.map(({ id }) => id))
      await expect(desk.replay({ ...named, deliveryId })).rejects.toMatchObject({ code: 'webhook.delivery_not_found' });
    expect((await desk.deliveries({ ...named, ...every })).deliveries).toEqual(own.deliveries);
    expect((await desk.deliveries({ ...named, ...every, subject: own.paymentId })).deliveries).toEqual(own.deliveries);
    expect((await desk.deliveries({ ...named, ...every, subject: other.paymentId })).deliveries).toEqual([]);
    expect((await desk.deliveries({ ...named, ...every, eventId: other.deliveries[0]?.eventId ?? '' })).deliveries).toEqual([]);
  });

  it('repeats from a range what the endpoint’s site and types let it have', async () => {
    await told('club-1');
    const { paymentId } = await told('club-2');
    const wanted: CompletionEvent['type'] = 'kkm.payment.succeeded.v1';
    const { id } = await webhooks.endpoint(receiver.url, { siteId: 'club-2', eventTypes: [wanted] });
    const { replayed } = await webhooks.running.desk.replayRange({ scope: null, id, ...range });
    const deliveries = await webhooks.deliveries(id);
    expect(deliveries.map(({ subject }) => subject)).toContain(paymentId);
    expect(deliveries).toHaveLength(replayed);
    for (const { siteId, eventType } of deliveries) expect([siteId, eventType]).toEqual(['club-2', wanted]);
  });
});
