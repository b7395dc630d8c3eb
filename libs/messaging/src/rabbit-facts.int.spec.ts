import { connect } from 'amqplib';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { describeWith, eventually, pause, testBroker } from '@kkm/testkit';
import type { TestBroker } from '@kkm/testkit';

/** What RabbitMQ itself does, without KKM's adapter: the facts that the design stands on. When one of these fails on a new version, read the clause it names again. */
describeWith(['broker'], 'RabbitMQ', () => {
  let server: TestBroker;
  const connections: ChannelModel[] = [];
  beforeAll(async () => {
    server = await testBroker();
  });
  afterAll(async () => {
    for (const connection of connections) await connection.close();
    await server.dispose();
  });

  async function channel(): Promise<Channel> {
    const connection = await connect(server.url, { noDelay: true });
    connections.push(connection);
    return connection.createChannel();
  }

  async function declare(queue: string, extra: Record<string, unknown> = {}): Promise<void> {
    const at = await channel();
    await at.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum', ...extra } });
  }

  /** Subscribes with prefetch 1 and never settles by itself. */
  async function hold(at: Channel, queue: string): Promise<{ readonly got: ConsumeMessage[]; readonly tag: string }> {
    const got: ConsumeMessage[] = [];
    await at.prefetch(1);
    const { consumerTag } = await at.consume(queue, (message) => {
      if (message) got.push(message);
    });
    return { got, tag: consumerTag };
  }

  const texts = (got: readonly ConsumeMessage[]): string[] => got.map(({ content }) => content.toString());

  async function sendTo(queue: string, ...bodies: string[]): Promise<void> {
    const at = await channel();
    for (const body of bodies) at.sendToQueue(queue, Buffer.from(body), { persistent: true });
  }

  it('lets the next single active consumer begin while the one that cancelled still holds its message (design-money, clauses 2 and 23)', async () => {
    await declare('f.sac', { 'x-single-active-consumer': true });
    const [a, b] = [await channel(), await channel()];
    const first = await hold(a, 'f.sac');
    const second = await hold(b, 'f.sac');
    await sendTo('f.sac', 'one', 'two');
    await eventually(() => expect(texts(first.got)).toEqual(['one']));
    await pause(100);
    expect(second.got).toEqual([]);
    await a.cancel(first.tag);
    await eventually(() => expect(texts(second.got)).toEqual(['two']));
  });

  it('hands an unacknowledged message to the same process again after its channel closed (design-money, clause 1)', async () => {
    await declare('f.again', { 'x-single-active-consumer': true });
    const connection = await connect(server.url, { noDelay: true });
    connections.push(connection);
    const a = await connection.createChannel();
    const before = await hold(a, 'f.again');
    await sendTo('f.again', 'one');
    await eventually(() => expect(texts(before.got)).toEqual(['one']));
    await a.close();
    const after = await hold(await connection.createChannel(), 'f.again');
    await eventually(() => expect(after.got.map(({ content, fields }) => [content.toString(), fields.redelivered])).toEqual([['one', true]]));
  });

  it('burns the whole delivery limit at once when a message is given back at once (design-money, clause 11)', async () => {
    await declare('f.dead');
    await declare('f.limit', { 'x-delivery-limit': 20, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'f.dead' });
    const at = await channel();
    let times = 0;
    await at.prefetch(1);
    await at.consume('f.limit', (message) => {
      if (!message) return;
      times += 1;
      at.nack(message, false, true);
    });
    const dead = await hold(await channel(), 'f.dead');
    const startedAt = Date.now();
    await sendTo('f.limit', 'one');
    await eventually(() => expect(texts(dead.got)).toEqual(['one']));
    expect(times).toBe(21);
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });

  it('returns an unroutable message before it confirms it', async () => {
    const connection = await connect(server.url, { noDelay: true });
    connections.push(connection);
    const at = await connection.createConfirmChannel();
    const order: string[] = [];
    at.on('return', () => order.push('returned'));
    await new Promise<void>((resolve) => {
      at.publish('', 'f.nowhere', Buffer.from('x'), { mandatory: true }, () => {
        order.push('confirmed');
        resolve();
      });
    });
    expect(order).toEqual(['returned', 'confirmed']);
  });

  it('refuses a user id that is not the connection’s own (design-money, clause 22)', async () => {
    const at = await channel();
    const closed = new Promise<string>((resolve) => at.on('error', (error) => resolve(error.message)));
    at.publish('', 'f.nowhere', Buffer.from('x'), { userId: 'site-other' });
    expect(await closed).toMatch(/PRECONDITION_FAILED.*user_id/i);
  });
});
