import { randomBytes } from 'node:crypto';
import { connect } from 'amqplib';
import type { Channel, ChannelModel } from 'amqplib';
import { exchanges, exchangeTable, queues, queueTable, terminalQueues, siteUser } from '@kkm/contracts';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { describeWith, eventually, readTestServers, testBroker } from '@kkm/testkit';
import type { TestBroker } from '@kkm/testkit';
import type { BrokerAdministration } from './broker-rights';
import { putSiteAccount, removeSiteAccount } from './site-account';

const suffix = randomBytes(4).toString('hex');
/** Two cafés, and a third whose id begins as the first one's does. */
const [own, other, alike] = [`a${suffix}`, `b${suffix}`, `a${suffix}-2`];
const sites = [own, other, alike];
const others = [other, alike];

/** The test broker's own administrator. */
function administration(): BrokerAdministration {
  const url = new URL(readTestServers().amqpManagementUrl ?? '');
  return { url: url.origin, user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}

/** Something a client may ask of a broker; rejects, or has its channel closed, when it may not. */
type Act = (channel: Channel) => Promise<unknown>;

const queuesOf = (siteId: string): string[] => terminalQueues(siteId, 'pax-1').map(({ name }) => name);
const fixedQueues = Object.values(queues);
const foreignQueues = [...others.flatMap(queuesOf), ...fixedQueues];
/** Where a worker has nothing to say, the default exchange among them: through it every queue could be written to. */
const closedExchanges = ['', exchanges.commands, exchanges.control, exchanges.ingress, exchanges.events, 'amq.direct', 'amq.topic'];
const content = Buffer.from('{}');
const password = randomBytes(24).toString('hex');

const acts: readonly (readonly [string, Act])[] = [
  ...foreignQueues.flatMap((queue): [string, Act][] => [
    [`consume ${queue}`, (at) => at.consume(queue, () => undefined)],
    [`get from ${queue}`, (at) => at.get(queue)],
    [`purge ${queue}`, (at) => at.purgeQueue(queue)],
    [`delete ${queue}`, (at) => at.deleteQueue(queue)],
    [`declare ${queue}`, (at) => at.assertQueue(queue, { durable: true })],
    [`bind ${queue} to a way of its own`, (at) => at.bindQueue(queue, exchanges.progress, '#')],
    [`unbind ${queue}`, (at) => at.unbindQueue(queue, exchanges.rpc, queue)],
  ]),
  ...others.flatMap((site): [string, Act][] => [
    [`declare a further queue of ${site}`, (at) => at.assertQueue(`terminal.${site}.pax-9`, { durable: true })],
    ...[exchanges.commands, exchanges.control].map((exchange): [string, Act] => [
      `lead ${exchange} of ${site} into its own queue`,
      (at) => at.bindQueue(queuesOf(own)[0]!, exchange, `${site}.pax-1`),
    ]),
    ...closedExchanges.map((exchange): [string, Act] => [
      `publish to ${site} by ${exchange === '' ? 'the default exchange' : exchange}`,
      async (at) => void at.publish(exchange, exchange === '' ? queuesOf(site)[0]! : `${site}.pax-1`, content),
    ]),
    ...[exchanges.results, exchanges.rpc, exchanges.progress, exchanges.parked].map((exchange): [string, Act] => [
      `publish to ${exchange} in the name of ${site}`,
      async (at) => void at.publish(exchange, queues.ledgerResults, content, { userId: siteUser(site) }),
    ]),
  ]),
  ...Object.values(exchanges).flatMap((exchange): [string, Act][] => [
    [`lead ${exchange} into its own queue`, (at) => at.bindQueue(queuesOf(own)[0]!, exchange, '#')],
    [`delete ${exchange}`, (at) => at.deleteExchange(exchange)],
    [`lead ${exchange} into another exchange`, (at) => at.bindExchange(exchanges.results, exchange, '#')],
  ]),
  ['declare a queue of its own site', (at) => at.assertQueue(`terminal.${own}.mine`, { durable: true })],
  ['declare a queue that the broker names', (at) => at.assertQueue('', { exclusive: true })],
  ['declare an exchange', (at) => at.assertExchange('mine', 'fanout')],
];

describeWith(['broker'], 'a site’s account', () => {
  let server: TestBroker;
  let gateway: Broker;
  let site: ChannelModel;
  beforeAll(async () => {
    server = await testBroker();
    gateway = await connectBroker({ url: server.url, name: 'gateway' });
    await gateway.declare(exchangeTable, [...queueTable, ...sites.flatMap((id) => terminalQueues(id, 'pax-1'))]);
    for (const siteId of sites) await putSiteAccount(administration(), { siteId, vhost: server.management.vhost, password });
    site = await connectAs(own);
  });
  afterAll(async () => {
    await site.close();
    await gateway.close();
    await server.dispose();
    for (const id of sites) await removeSiteAccount(administration(), id);
  });

  function connectAs(siteId: string): Promise<ChannelModel> {
    const url = new URL(server.url);
    [url.username, url.password] = [siteUser(siteId), password];
    return connect(url.href);
  }

  /** What the broker says to an act: its refusal, or that it let it pass. */
  async function answerTo(act: Act): Promise<string> {
    const channel = await site.createChannel();
    const closed = new Promise<string>((resolve) => channel.once('error', (error: Error) => resolve(error.message)));
    // A publish is not answered, so a question that may be asked comes after it; on a closed channel it fails.
    const passed = act(channel)
      .then(() => channel.checkQueue(queuesOf(own)[0]!))
      .then(
        () => 'passed',
        () => closed,
      );
    const answer = await Promise.race([closed, passed]);
    if (answer === 'passed') await channel.close();
    return answer;
  }

  it('is refused everything of other sites, and everything that is not a worker’s', async () => {
    const answers: [string, string][] = [];
    for (const [what, act] of acts) answers.push([what, await answerTo(act)]);
    const refusal = /ACCESS_REFUSED|PRECONDITION_FAILED.*user_id/;
    expect(answers.filter(([, answer]) => !refusal.test(answer))).toEqual([]);
    expect(answers.length).toBeGreaterThan(100);
  });

  it('has changed nothing by trying', async () => {
    const shown = await server.management.queues();
    expect(shown.map(({ name }) => name).sort()).toEqual([...fixedQueues, ...sites.flatMap(queuesOf)].sort());
    const looking = await connect(server.url);
    const channel = await looking.createChannel();
    const left = await Promise.all(foreignQueues.map(async (queue) => [queue, (await channel.checkQueue(queue)).messageCount]));
    expect(left).toEqual(foreignQueues.map((queue) => [queue, 0]));
    await looking.close();
  });

  it('is not made where its site’s queues could not be told from those of another', async () => {
    for (const siteId of [`${own}.1`, `${own}.1.a`])
      await expect(putSiteAccount(administration(), { siteId, vhost: server.management.vhost, password })).rejects.toThrow(/cannot be told by name/);
    await expect(connectAs(`${own}.1`)).rejects.toThrow(/ACCESS_REFUSED|403/);
  });

  it('ends with its connections when the site is shut out', async () => {
    const shut = await connectAs(alike);
    const ended = new Promise<void>((resolve) => {
      shut.on('error', () => undefined);
      shut.on('close', () => resolve());
    });
    await removeSiteAccount(administration(), alike);
    await ended;
    await expect(connectAs(alike)).rejects.toThrow(/ACCESS_REFUSED|403/);
  });

  it('reads its own terminals’ queues, and reports and calls where a worker does', async () => {
    const channel = await site.createConfirmChannel();
    const got: string[] = [];
    for (const queue of queuesOf(own)) await channel.consume(queue, (message) => message && got.push(message.content.toString()), { noAck: true });
    await gateway.publish({ exchange: exchanges.commands, routingKey: `${own}.pax-1`, body: 'command', messageId: 'att_1' });
    gateway.hint({ exchange: exchanges.control, routingKey: `${own}.pax-1`, body: 'hint' });
    await eventually(() => expect([...got].sort()).toEqual(['"command"', '"hint"']));
    channel.publish(exchanges.results, queues.ledgerResults, content, { userId: siteUser(own) });
    channel.publish(exchanges.rpc, queues.ledgerRpc, content, { userId: siteUser(own) });
    await channel.waitForConfirms();
    expect(await server.management.take(queues.ledgerResults)).toMatchObject([{ properties: { user_id: siteUser(own) } }]);
    await channel.close();
  });
});
