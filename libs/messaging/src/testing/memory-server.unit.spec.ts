import { send, testExchanges, testQueue } from './conformance-harness';
import { connectMemoryBroker } from './memory-broker';
import { MemoryServer } from './memory-server';
import { VirtualClock } from './virtual-clock';

describe('MemoryServer', () => {
  it('keeps durable queues and persistent messages over a restart, and nothing else', async () => {
    const clock = new VirtualClock();
    const server = new MemoryServer({ clock });
    const opening = connectMemoryBroker(server, { name: 'a' });
    await clock.advance(100);
    const broker = await opening;
    const declared = broker.declare(testExchanges, [testQueue('u.lasting')]);
    await clock.advance(100);
    await declared;
    const sent = send(broker, 'u.lasting', 'm-kept');
    broker.hint({ exchange: 'test.direct', routingKey: 'u.lasting', body: 'transient' });
    await clock.advance(100);
    await sent;
    expect(server.waiting('u.lasting')).toHaveLength(2);
    server.restart();
    await clock.advance(10_000);
    expect(server.waiting('u.lasting')?.map(({ properties }) => properties.messageId)).toEqual(['m-kept']);
    expect(broker.state).toBe('connected');
  });
});
