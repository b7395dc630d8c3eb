import { exchanges, exchangeTable, queues, queueTable, terminalQueues } from '@kkm/contracts';
import type { ExchangeDeclaration, QueueDeclaration } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import { describeWith, eventually, testBroker } from '@kkm/testkit';
import type { BrokerManagement, TestBroker } from '@kkm/testkit';
import type { Broker } from './broker';
import { connectBroker } from './connect-broker';
import { collector, reconnection } from './testing/conformance-harness';

const wanted = [...queueTable, ...terminalQueues('club-1', 'pax-1')];

/** What the management API must show for a declared topology. */
function shape(tables: { readonly exchanges: readonly ExchangeDeclaration[]; readonly queues: readonly QueueDeclaration[] }): object {
  return {
    exchanges: tables.exchanges.map(({ name, type, durable }) => ({ name, type, durable })).sort(byName),
    queues: tables.queues.map(({ name, durable, arguments: args }) => ({ name, durable, auto_delete: false, arguments: args })).sort(byName),
    bindings: tables.queues.flatMap(({ name, bindings }) => bindings.map(({ exchange, routingKey }) => `${exchange} ${routingKey} ${name}`)).sort(),
  };
}

async function shapeOf(management: BrokerManagement): Promise<object> {
  const [shownExchanges, shownQueues, shownBindings] = await Promise.all([management.exchanges(), management.queues(), management.bindings()]);
  return {
    exchanges: shownExchanges.map(({ name, type, durable }) => ({ name, type, durable })).sort(byName),
    queues: shownQueues.map(({ name, durable, auto_delete, arguments: args }) => ({ name, durable, auto_delete, arguments: args })).sort(byName),
    bindings: shownBindings.map(({ source, routing_key, destination }) => `${source} ${routing_key} ${destination}`).sort(),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

describeWith(['broker'], 'the topology on RabbitMQ', () => {
  let server: TestBroker;
  let broker: Broker;
  beforeAll(async () => {
    server = await testBroker();
    broker = await connectBroker({ url: server.url, name: 'topology' });
    await broker.declare(exchangeTable, wanted);
  });
  afterAll(async () => {
    await broker.close();
    await server.dispose();
  });

  it('is the table of the contracts: exchanges, queues, arguments and bindings', async () => {
    expect(await shapeOf(server.management)).toEqual(shape({ exchanges: exchangeTable, queues: wanted }));
  });

  it('can be declared again by everybody at any time', async () => {
    await Promise.all([broker.declare(exchangeTable, wanted), broker.declare(exchangeTable, wanted)]);
    expect(await shapeOf(server.management)).toEqual(shape({ exchanges: exchangeTable, queues: wanted }));
  });

  it('is declared again after the broker closed the connection', async () => {
    const back = reconnection(broker);
    await Promise.all(wanted.map(({ name }) => server.management.deleteQueue(name)));
    expect(await server.management.killConnections('topology')).toBe(1);
    await back;
    expect(await shapeOf(server.management)).toEqual(shape({ exchanges: exchangeTable, queues: wanted }));
  });

  it('gets a deleted queue back when a message finds none', async () => {
    await server.management.deleteQueue(queues.ledgerResults);
    const message = { exchange: exchanges.results, routingKey: queues.ledgerResults, body: {}, messageId: 'res_1' };
    await expect(broker.publish(message)).rejects.toBeInstanceOf(Unavailable);
    await eventually(() => broker.publish(message));
    expect(await shapeOf(server.management)).toEqual(shape({ exchanges: exchangeTable, queues: wanted }));
  });

  it('resumes consuming after the broker closed the connection', async () => {
    const { ids, handle } = collector();
    const subscription = await broker.consume('terminal.club-1.pax-1', { prefetch: 1 }, handle);
    const back = reconnection(broker);
    expect(await server.management.killConnections('topology')).toBe(1);
    await back;
    await broker.publish({ exchange: exchanges.commands, routingKey: 'club-1.pax-1', body: {}, messageId: 'att_1' });
    await eventually(() => expect(ids()).toEqual(['att_1']));
    await subscription.cancel();
  });
});

describeWith(['broker'], 'a worker’s rights', () => {
  let server: TestBroker;
  let gateway: Broker;
  let worker: Broker;
  const user = `test-worker-${process.pid}-${Date.now()}`;
  beforeAll(async () => {
    server = await testBroker();
    gateway = await connectBroker({ url: server.url, name: 'gateway' });
    await gateway.declare(exchangeTable, wanted);
    // No configure right, no write on the default exchange (design-money, clause 22).
    await server.management.createUser(user, 'test-secret', { configure: '^$', write: '^kkm\\.(results|rpc|progress|parked)$', read: '^terminal\\.club-1\\.' });
    const url = new URL(server.url);
    url.username = user;
    url.password = 'test-secret';
    worker = await connectBroker({ url: url.toString(), name: 'worker' });
  });
  afterAll(async () => {
    await Promise.all([worker.close(), gateway.close()]);
    await server.dispose();
    await server.management.deleteUser(user);
  });

  it('are enough to consume, publish results, call, hint and park', async () => {
    expect(await worker.expect('terminal.club-1.pax-1')).toBe(true);
    expect(await worker.expect('terminal.club-1.pax-9')).toBe(false);
    const { ids, handle } = collector(() => ({ park: 'message.unknown_type' }));
    const subscription = await worker.consume('terminal.club-1.pax-1', { prefetch: 1 }, handle);
    await gateway.publish({ exchange: exchanges.commands, routingKey: 'club-1.pax-1', body: {}, messageId: 'att_1' });
    await eventually(() => expect(ids()).toEqual(['att_1']));
    await worker.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body: {}, messageId: 'res_1' });
    worker.hint({ exchange: exchanges.progress, routingKey: 'club-1.pay_1', body: {} });
    const served = await gateway.serve('ledger.rpc', { prefetch: 10 }, async (method, _request, delivery) => ({ method, user: delivery.userId }));
    expect(await worker.call('ledger.rpc', 'worker.permit', {}, { timeoutMs: 2_000 })).toEqual({ method: 'worker.permit', user });
    await eventually(async () => expect((await server.management.take('parked')).map(({ properties }) => properties.message_id)).toEqual(['att_1']));
    await Promise.all([subscription.cancel(), served.cancel()]);
  });

  it('do not let it declare a queue or publish commands', async () => {
    await expect(worker.declare([], [{ ...wanted[0]!, name: 'terminal.club-1.mine' }])).rejects.toThrow(/ACCESS_REFUSED|403/);
    await expect(worker.publish({ exchange: exchanges.commands, routingKey: 'club-1.pax-1', body: {}, messageId: 'att_2' })).rejects.toBeInstanceOf(
      Unavailable,
    );
    // And the connection is as good as before.
    await eventually(() => worker.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body: {}, messageId: 'res_2' }));
  });
});
