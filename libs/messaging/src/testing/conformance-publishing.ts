import { Rejected, Unavailable } from '@kkm/core';
import { eventually } from '@kkm/testkit';
import type { Broker } from '../broker';
import { collector, parkedQueue, send, testExchanges, testQueue } from './conformance-harness';
import type { BrokerHarness } from './conformance-harness';

/** Confirms, returns, and what becomes of publishes when the link breaks. */
export function publishingConformance(make: () => Promise<BrokerHarness>): void {
  describe('publishing', () => {
    let harness: BrokerHarness;
    let broker: Broker;
    beforeAll(async () => {
      harness = await make();
      broker = await harness.connect('publisher');
      await broker.declare(testExchanges, [parkedQueue]);
    });
    afterAll(() => harness.dispose());

    it('delivers what was confirmed, with its id, type, headers and verified user', async () => {
      await broker.declare([], [testQueue('p.whole')]);
      await broker.publish({
        exchange: 'test.direct',
        routingKey: 'p.whole',
        body: { amount: 15000, text: 'ОДОБРЕНО' },
        messageId: 'm-1',
        type: 'a.type',
        headers: { traceparent: '00-a' },
      });
      const { seen, handle } = collector();
      const subscription = await broker.consume('p.whole', { prefetch: 1 }, handle);
      await eventually(() => expect(seen).toHaveLength(1));
      expect(seen[0]).toMatchObject({
        body: { amount: 15000, text: 'ОДОБРЕНО' },
        messageId: 'm-1',
        type: 'a.type',
        routingKey: 'p.whole',
        userId: harness.user,
        redelivered: false,
      });
      expect(seen[0]?.headers).toMatchObject({ traceparent: '00-a' });
      await subscription.cancel();
    });

    it('delivers once by however many keys, and shows none but the first', async () => {
      const bound = (name: string, routingKeys: readonly string[]) => ({
        ...testQueue(name),
        bindings: routingKeys.map((routingKey) => ({ exchange: 'test.topic', routingKey })),
      });
      await broker.declare([], [bound('p.both', ['club-1.#', '_apart']), bound('p.apart', ['_apart']), bound('p.usual', ['club-1.paid'])]);
      const message = { exchange: 'test.topic', routingKey: 'club-1.paid', body: 1 };
      await broker.publish({ ...message, messageId: 'm-usual' });
      await broker.publish({ ...message, messageId: 'm-apart', furtherKeys: ['_apart'], headers: { kept: 'yes' } });
      const wanted = { 'p.both': ['m-usual', 'm-apart'], 'p.apart': ['m-apart'], 'p.usual': ['m-usual', 'm-apart'] };
      for (const [queue, ids] of Object.entries(wanted)) {
        const { seen, handle } = collector();
        const subscription = await broker.consume(queue, { prefetch: 5 }, handle);
        await eventually(() => expect(seen.map(({ messageId }) => messageId)).toEqual(ids));
        await subscription.cancel();
        expect(seen.at(-1)).toMatchObject({ routingKey: 'club-1.paid', headers: { kept: 'yes' } });
        expect(seen.at(-1)?.headers).not.toHaveProperty('BCC');
      }
    });

    it('sends nothing more by a binding that was ended, whether it was there or not', async () => {
      const former = { queue: 'p.unbound', exchange: 'test.topic', routingKey: 'former.#' };
      await broker.declare([], [{ ...testQueue('p.unbound'), bindings: [former, { exchange: 'test.topic', routingKey: 'kept' }] }]);
      const publish = (routingKey: string): Promise<void> =>
        broker.publish({ exchange: 'test.topic', routingKey, body: 1, messageId: routingKey, mandatory: false });
      await publish('former.bound');
      await broker.unbind(former);
      await broker.unbind(former);
      for (const routingKey of ['former.gone', 'kept']) await publish(routingKey);
      const { ids, handle } = collector();
      const subscription = await broker.consume('p.unbound', { prefetch: 5 }, handle);
      await eventually(() => expect(ids()).toEqual(['former.bound', 'kept']));
      await subscription.cancel();
    });

    it('refuses a message that no queue takes, and says which', async () => {
      const failure = await send(broker, 'p.nowhere', 'm-1').catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Unavailable);
      expect(failure).toMatchObject({ code: 'broker.unavailable', detail: expect.stringContaining('p.nowhere') as string });
    });

    it('tells returned and confirmed messages apart when they share an id', async () => {
      await broker.declare([], [testQueue('p.twin')]);
      const results = await Promise.allSettled([
        send(broker, 'p.twin', 'm'),
        send(broker, 'p.nowhere', 'm'),
        send(broker, 'p.twin', 'm'),
        send(broker, 'p.nowhere', 'm'),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    });

    it('refuses a body above the limit before it is sent', async () => {
      await expect(send(broker, 'p.whole', 'm-big', 'x'.repeat(1_100_000))).rejects.toBeInstanceOf(Rejected);
    });

    it('fails publishes to an exchange that does not exist and goes on with the next', async () => {
      await broker.declare([], [testQueue('p.next')]);
      await expect(broker.publish({ exchange: 'test.missing', routingKey: 'x', body: 1, messageId: 'm' })).rejects.toBeInstanceOf(Unavailable);
      await send(broker, 'p.next', 'm-2');
    });

    it('survives hints to an exchange that does not exist', async () => {
      await broker.declare([], [testQueue('p.hint')]);
      broker.hint({ exchange: 'test.missing', routingKey: 'x', body: 1 });
      await send(broker, 'p.hint', 'm-1');
      const { seen, handle } = collector();
      const subscription = await broker.consume('p.hint', { prefetch: 5 }, handle);
      await eventually(() => {
        broker.hint({ exchange: 'test.direct', routingKey: 'p.hint', body: 'hinted' });
        expect(seen.map(({ body }) => body)).toContain('hinted');
      });
      await subscription.cancel();
    });

    it('waits for a reconnect and then publishes', async () => {
      await broker.declare([], [testQueue('p.wait')]);
      harness.isolate('publisher');
      const published = send(broker, 'p.wait', 'm-1');
      setTimeout(() => harness.restore('publisher'), 300);
      // Whatever was in flight at the cut fails; what was asked afterwards waits.
      await published.catch(() => send(broker, 'p.wait', 'm-1'));
      const { ids, handle } = collector();
      const subscription = await broker.consume('p.wait', { prefetch: 1 }, handle);
      await eventually(() => expect(ids()).toContain('m-1'));
      await subscription.cancel();
    });

    it('gives up after a bounded time without a connection', async () => {
      harness.isolate('publisher');
      await eventually(() => expect(broker.state).toBe('connecting'));
      const startedAt = Date.now();
      await expect(send(broker, 'p.wait', 'm-2')).rejects.toMatchObject({ code: 'broker.unavailable' });
      expect(Date.now() - startedAt).toBeLessThan(8_000);
      harness.restore('publisher');
      await eventually(() => expect(broker.state).toBe('connected'), 15_000);
    });

    it('never reports a message as published that is then lost, however often the link breaks', async () => {
      await broker.declare([], [testQueue('p.cuts')]);
      const confirmed: string[] = [];
      const publish = async (id: string): Promise<void> => {
        try {
          await send(broker, 'p.cuts', id);
        } catch {
          return; // Said to have failed: it may have arrived all the same.
        }
        confirmed.push(id);
        if (confirmed.length % 25 === 0) harness.cut('publisher'); // Amid the confirms of its batch.
      };
      for (let n = 0; n < 600; n += 30) await Promise.all(Array.from({ length: 30 }, (_, k) => publish(`m-${n + k}`)));
      expect(confirmed.length).toBeGreaterThan(100);
      const { ids, handle } = collector();
      const subscription = await broker.consume('p.cuts', { prefetch: 100 }, handle);
      await eventually(() => {
        const arrived = new Set(ids());
        expect(confirmed.filter((id) => !arrived.has(id))).toEqual([]);
      }, 10_000);
      await subscription.cancel();
    });
  });
}
