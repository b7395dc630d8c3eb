import type { Broker, Delivery } from './broker';
import { parkedQueue, send, testExchanges, testQueue } from './testing/conformance-harness';
import { connectMemoryBroker } from './testing/memory-broker';
import { MemoryServer } from './testing/memory-server';
import { VirtualClock } from './testing/virtual-clock';

const minuteMs = 60_000;

describe('a held delivery', () => {
  let clock: VirtualClock;
  let broker: Broker;

  /** Lets a step that needs no more than a second of virtual time end. */
  async function step<T>(work: Promise<T>): Promise<T> {
    await clock.advance(1_000);
    return work;
  }

  beforeEach(async () => {
    clock = new VirtualClock();
    broker = await step(connectMemoryBroker(new MemoryServer({ clock }), { name: 'a', random: () => 0.5 }));
    await step(broker.declare(testExchanges, [parkedQueue, testQueue('u.held')]));
  });

  async function hold(minutes: number): Promise<Delivery[]> {
    const seen: Delivery[] = [];
    await step(
      broker.consume('u.held', { prefetch: 1 }, (delivery) => {
        seen.push(delivery);
        return Promise.resolve('retry');
      }),
    );
    await step(send(broker, 'u.held', 'm-1'));
    await clock.advance(minutes * minuteMs);
    return seen;
  }

  it('is tried again every two seconds at the latest', async () => {
    const seen = await hold(5);
    expect(seen.length).toBeGreaterThan(150);
    expect(seen.length).toBeLessThan(400);
  });

  it('stays here for 19 minutes and is given back before the broker’s time limit of 30', async () => {
    const seen = await hold(19);
    expect(seen.some(({ redelivered }) => redelivered)).toBe(false);
    await clock.advance(5 * minuteMs);
    expect(seen.some(({ redelivered }) => redelivered)).toBe(true);
  });
});
