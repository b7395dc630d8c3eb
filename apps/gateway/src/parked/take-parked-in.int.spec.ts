import { exchanges, exchangeTable, queues, queueTable } from '@kkm/contracts';
import type { ParkedSummary } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Broker, Log } from '@kkm/messaging';
import { migrate, openDataSource } from '@kkm/postgres';
import { describeWith, eventually, Opened, pause, testBroker, testDatabase } from '@kkm/testkit';
import type { TestBroker } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import { gatewayMigrations } from '../postgres/migrations';
import { ParkedMessageStore } from '../postgres/parked-messages';
import { takeParkedIn } from './take-parked-in';

const nothing = (): void => undefined;
const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

describeWith(['broker', 'database'], 'taking parked messages in', () => {
  const opened = new Opened();
  let server: TestBroker;
  let broker: Broker;
  let dataSource: DataSource;
  let store: ParkedMessageStore;
  let serviceUser: string;
  beforeAll(() =>
    opened.orClose(async () => {
      server = opened.keep(await testBroker(), (it) => it.dispose());
      serviceUser = new URL(server.url).username;
      const database = opened.keep(await testDatabase(), (it) => it.dispose());
      dataSource = opened.keep(await openDataSource({ url: database.url, applicationName: 'intake-test' }), (it) => it.destroy());
      await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
      store = new ParkedMessageStore(dataSource);
      broker = opened.keep(await connectBroker({ url: server.url, name: 'intake' }), (it) => it.close());
      await broker.declare(exchangeTable, queueTable);
    }),
  );
  afterAll(() => opened.close());

  const everything = async (): Promise<ParkedSummary[]> =>
    (await store.list({ within: null, siteId: null, state: null, cursor: null, limit: 200 })).parkedMessages;
  const parkedAs = (messageId: string) =>
    eventually(async () => {
      const [found] = (await everything()).filter((one) => one.messageId === messageId);
      if (!found) throw new Error(`${messageId} was not taken in`);
      return store.read(found.id, null);
    }, 10_000);
  const untilEmpty = () =>
    eventually(async () => expect(await server.management.queues()).toContainEqual(expect.objectContaining({ name: queues.parked, messages: 0 })), 10_000);
  const park = (messageId: string, body: unknown) =>
    broker.publish({ exchange: exchanges.parked, routingKey: '', body, messageId, headers: { 'x-park-reason': 'r' } });

  it('is done once for a process that died between storing and acknowledging', async () => {
    const stored: string[] = [];
    const dying = await connectBroker({ url: server.url, name: 'dying', drainMs: 10 });
    const add: ParkedMessageStore['add'] = async (id, message) => {
      stored.push(id);
      await store.add(id, message);
      return new Promise(() => undefined); // Never acknowledged.
    };
    await takeParkedIn(dying, { store: { add }, serviceUser, log });
    await park('m-crash', { paymentId: 'pay_1' });
    await eventually(() => expect(stored).toHaveLength(1));
    await parkedAs('m-crash');
    await dying.close();
    await takeParkedIn(broker, { store, serviceUser, log });
    await untilEmpty();
    expect((await everything()).filter(({ messageId }) => messageId === 'm-crash')).toMatchObject([{ id: stored[0], paymentId: 'pay_1' }]);
  });

  it('makes one case of the same message parked several times, and another of what is different', async () => {
    for (let i = 0; i < 3; i += 1) await park('m-same', { n: 1 });
    await park('m-same', { n: 2 });
    await untilEmpty();
    await pause(50);
    expect((await everything()).filter(({ messageId }) => messageId === 'm-same')).toHaveLength(2);
  });

  it('takes bytes that nobody can read, shows them, and parks them nowhere again', async () => {
    const publish = (messageId: string, content: Buffer) =>
      server.management.publish({ exchange: exchanges.parked, routingKey: 'x', content, properties: { message_id: messageId } });
    await publish('m-bytes', Buffer.from([0xff, 0, 0x80]));
    await publish('m-text', Buffer.from('{"cut": "4111111111111111\0'));
    await publish('m-large', Buffer.from(`"${'x'.repeat(1_100_000)}"`));
    expect(await parkedAs('m-bytes')).toMatchObject({ body: '/wCA', bodyForm: 'base64', isBodyCut: false, notReplayable: 'not_json', sender: null });
    expect(await parkedAs('m-text')).toMatchObject({ body: '{"cut": "************1111', bodyForm: 'text', notReplayable: 'not_json' });
    expect(await parkedAs('m-large')).toMatchObject({ size: 1_100_002, bodyForm: 'text', isBodyCut: true, notReplayable: 'too_large' });
    await untilEmpty();
  });

  it('keeps no card number, anywhere', async () => {
    const card = '4111111111111111';
    await broker.publish({
      exchange: exchanges.parked,
      routingKey: card,
      body: { note: card },
      messageId: `m-card ${card}`,
      headers: { note: card, secret: 's3cr3t' },
    });
    const message = await parkedAs('m-card ************1111');
    expect(message).toMatchObject({ notReplayable: 'redacted', headers: { note: '************1111', secret: '[hidden]' } });
    const rows: unknown = await dataSource.query('select row_to_json(m)::text as row from gateway.parked_message m');
    expect(JSON.stringify(rows)).not.toContain(card);
    expect(JSON.stringify(rows)).not.toContain('s3cr3t');
  });

  it('takes what the broker gave up on, with the broker’s own words', async () => {
    await broker.declare([], [{ ...someQueue, arguments: { ...someQueue.arguments, 'x-message-ttl': 1 } }]);
    await broker.publish({ exchange: exchanges.results, routingKey: someQueue.name, body: {}, messageId: 'm-dead' });
    expect(await parkedAs('m-dead')).toMatchObject({
      reason: 'expired',
      queue: someQueue.name,
      exchange: exchanges.results,
      routingKey: someQueue.name,
      sender: serviceUser,
    });
  });

  it('says that a request has outlived its guest', async () => {
    const headers = {
      'x-park-reason': 'equipment.not_found',
      'x-original-exchange': exchanges.ingress,
      'x-original-routing-key': 'club-1.payment.requested',
      'x-original-queue': queues.gatewayIngress,
    };
    const body = { data: { siteId: 'club-1', expiresIn: 5 } };
    await broker.publish({ exchange: exchanges.parked, routingKey: 'club-1.payment.requested', body, messageId: 'm-old', headers });
    const { id, notReplayable } = await parkedAs('m-old');
    expect(notReplayable).toBeNull();
    await dataSource.query(`update gateway.parked_message set expires_at = expires_at - interval '5 s' where id = $1`, [id]);
    expect((await store.read(id, null)).notReplayable).toBe('expired');
  });
});

const someQueue = {
  name: 'some.queue',
  durable: true,
  arguments: { 'x-queue-type': 'quorum', 'x-dead-letter-exchange': exchanges.parked },
  bindings: [{ exchange: exchanges.results, routingKey: 'some.queue' }],
} as const;
