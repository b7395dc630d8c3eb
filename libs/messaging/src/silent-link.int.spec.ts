import { describeWith, eventually, FaultProxy, testBroker } from '@kkm/testkit';
import type { TestBroker } from '@kkm/testkit';
import type { Broker } from './broker';
import { connectBroker } from './connect-broker';
import { collector, fastClock, parkedQueue, send, testExchanges, testQueue } from './testing/conformance-harness';

describeWith(['broker'], 'a link that goes silent', () => {
  let server: TestBroker;
  let proxy: FaultProxy;
  let broker: Broker;
  beforeAll(async () => {
    server = await testBroker();
    proxy = await FaultProxy.before(server.url);
    const url = `${proxy.through(server.url)}?heartbeat=1`;
    broker = await connectBroker({ url, name: 'silent', clock: fastClock(10) });
    await broker.declare(testExchanges, [parkedQueue, testQueue('l.queue')]);
  });
  afterAll(async () => {
    await broker.close();
    await proxy.close();
    await server.dispose();
  });

  it('fails what is not confirmed in time, is noticed by its heartbeats, and comes back', async () => {
    const { ids, handle } = collector();
    await broker.consume('l.queue', { prefetch: 1 }, handle);
    await send(broker, 'l.queue', 'm-before');
    proxy.set({ kind: 'frozen' });
    await expect(send(broker, 'l.queue', 'm-lost')).rejects.toMatchObject({ code: 'broker.unavailable', detail: 'no confirm came in time' });
    await eventually(() => expect(broker.state).toBe('connecting'), 15_000);
    proxy.cut();
    proxy.set({ kind: 'none' });
    await eventually(() => send(broker, 'l.queue', 'm-after'), 15_000);
    await eventually(() => expect(ids()).toEqual(expect.arrayContaining(['m-before', 'm-after'])));
  });

  it('delays but loses nothing when it is slow', async () => {
    proxy.set({ kind: 'delay', ms: 50 });
    await Promise.all(Array.from({ length: 50 }, (_, n) => send(broker, 'l.queue', `m-slow-${n}`)));
    proxy.set({ kind: 'none' });
  });
});
