import type { Broker } from '../broker';
import { machineClock } from '../surroundings';
import type { BrokerHarness } from './conformance-harness';
import { connectMemoryBroker } from './memory-broker';
import { MemoryServer } from './memory-server';

/** A harness on a fresh in-memory server that runs on the machine's clock. */
export function memoryHarness(): Promise<BrokerHarness> {
  const server = new MemoryServer({ clock: machineClock });
  const brokers: Broker[] = [];
  return Promise.resolve({
    user: 'guest',
    connect: async (name, around = {}) => {
      const broker = await connectMemoryBroker(server, { name, drainMs: 500, ...around });
      brokers.push(broker);
      return broker;
    },
    cut: (name) => server.cut(name),
    isolate: (name) => server.isolate(name),
    restore: (name) => server.restore(name),
    deleteQueue: (queue) => Promise.resolve(server.deleteQueue(queue)),
    publishRaw: (exchange, routingKey, content) => {
      server.publish({ exchange, routingKey, content, properties: {}, persistent: true, mandatory: false }, 'guest');
      return Promise.resolve();
    },
    dispose: async () => {
      await Promise.all(brokers.map((broker) => broker.close()));
    },
  });
}
