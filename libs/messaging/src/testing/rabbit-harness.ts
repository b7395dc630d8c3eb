import { connect } from 'amqplib';
import { FaultProxy, testBroker } from '@kkm/testkit';
import type { TestBroker } from '@kkm/testkit';
import type { Broker } from '../broker';
import { connectBroker } from '../connect-broker';
import type { BrokerHarness } from './conformance-harness';

/** A harness on a fresh vhost of a running RabbitMQ; every connection has a proxy of its own that can be cut. */
export async function rabbitHarness(start: () => Promise<TestBroker> = testBroker): Promise<BrokerHarness & { readonly server: TestBroker }> {
  const server = await start();
  const proxies = new Map<string, FaultProxy>();
  const brokers: Broker[] = [];
  const proxyOf = (name: string): FaultProxy => {
    const proxy = proxies.get(name);
    if (!proxy) throw new Error(`There is no connection ${name}.`);
    return proxy;
  };
  return {
    server,
    user: new URL(server.url).username,
    connect: async (name, around = {}) => {
      const proxy = await FaultProxy.before(server.url);
      proxies.set(name, proxy);
      const broker = await connectBroker({ url: proxy.through(server.url), name, drainMs: 500, ...around });
      brokers.push(broker);
      return broker;
    },
    cut: (name) => proxyOf(name).cut(),
    isolate: (name) => proxyOf(name).set({ kind: 'refused' }),
    restore: (name) => proxyOf(name).set({ kind: 'none' }),
    deleteQueue: (queue) => server.management.deleteQueue(queue),
    publishRaw: async (exchange, routingKey, content) => {
      const connection = await connect(server.url);
      const channel = await connection.createConfirmChannel();
      channel.publish(exchange, routingKey, content);
      await channel.waitForConfirms();
      await connection.close();
    },
    dispose: async () => {
      for (const proxy of proxies.values()) proxy.set({ kind: 'none' });
      await Promise.all(brokers.map((broker) => broker.close()));
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
      await server.dispose();
    },
  };
}
