import { eventually, pause } from '@kkm/testkit';
import type { Broker, Delivery, Disposition } from '../broker';
import { collector, gate, parkedQueue, reconnection, send, testExchanges, testQueue } from './conformance-harness';
import type { BrokerHarness } from './conformance-harness';

/** Delivery, prefetch, redelivery, re-subscription, drain, live streams. */
export function consumingConformance(make: () => Promise<BrokerHarness>): void {
  describe('consuming', () => {
    let harness: BrokerHarness;
    let broker: Broker;
    beforeAll(async () => {
      harness = await make();
      broker = await harness.connect('consumer');
      await broker.declare(testExchanges, [parkedQueue]);
    });
    afterAll(() => harness.dispose());

    it('hands out at most prefetch messages at a time', async () => {
      await broker.declare([], [testQueue('c.prefetch')]);
      const open = gate();
      const { seen, handle } = collector(async (): Promise<Disposition> => {
        await open.passed;
        return 'done';
      });
      const subscription = await broker.consume('c.prefetch', { prefetch: 3 }, handle);
      await Promise.all(Array.from({ length: 8 }, (_, n) => send(broker, 'c.prefetch', `m-${n}`)));
      await eventually(() => expect(seen).toHaveLength(3));
      await pause(100);
      expect(seen).toHaveLength(3);
      open.open();
      await eventually(() => expect(seen).toHaveLength(8));
      await subscription.cancel();
    });

    it('keeps consumers apart that were given different prefetches at the same time', async () => {
      await broker.declare([], [testQueue('c.one'), testQueue('c.four')]);
      const one = collector(() => new Promise(() => undefined));
      const four = collector(() => new Promise(() => undefined));
      await Promise.all([broker.consume('c.one', { prefetch: 1 }, one.handle), broker.consume('c.four', { prefetch: 4 }, four.handle)]);
      await Promise.all(['c.one', 'c.four'].flatMap((queue) => Array.from({ length: 6 }, (_, n) => send(broker, queue, `m-${n}`))));
      await eventually(() => expect(four.seen).toHaveLength(4));
      await pause(100);
      expect([one.seen.length, four.seen.length]).toEqual([1, 4]);
    });

    it('shares a queue among consumers in turn', async () => {
      await broker.declare([], [testQueue('c.shared')]);
      const [left, right] = [collector(), collector()];
      const subscriptions = [await broker.consume('c.shared', { prefetch: 1 }, left.handle), await broker.consume('c.shared', { prefetch: 1 }, right.handle)];
      for (let n = 0; n < 10; n += 1) await send(broker, 'c.shared', `m-${n}`);
      await eventually(() => expect(left.seen.length + right.seen.length).toBe(10));
      expect([left.seen.length, right.seen.length]).toEqual([5, 5]);
      await Promise.all(subscriptions.map((subscription) => subscription.cancel()));
    });

    it('delivers again what was not acknowledged when the link broke, and ignores the late acknowledgement', async () => {
      await broker.declare([], [testQueue('c.again')]);
      const first = gate();
      let running = 0;
      let mostRunning = 0;
      const { seen, handle } = collector(async (delivery: Delivery): Promise<Disposition> => {
        mostRunning = Math.max(mostRunning, (running += 1));
        if (!delivery.redelivered) await first.passed;
        running -= 1;
        return 'done';
      });
      const subscription = await broker.consume('c.again', { prefetch: 1 }, handle);
      await send(broker, 'c.again', 'm-1');
      await eventually(() => expect(seen).toHaveLength(1));
      const back = reconnection(broker);
      harness.cut('consumer');
      await back;
      await pause(300);
      // The redelivery waits for the handler that still runs: never two at a time for a prefetch of one.
      expect(seen).toHaveLength(1);
      first.open();
      await eventually(() => expect(seen).toHaveLength(2));
      expect(seen.map(({ messageId, redelivered }) => [messageId, redelivered])).toEqual([
        ['m-1', false],
        ['m-1', true],
      ]);
      expect(mostRunning).toBe(1);
      await send(broker, 'c.again', 'm-2');
      await eventually(() => expect(seen).toHaveLength(3));
      await subscription.cancel();
    });

    it('goes on after the queue was deleted: declares it again and subscribes again', async () => {
      await broker.declare([], [testQueue('c.deleted')]);
      const { ids, handle } = collector();
      const subscription = await broker.consume('c.deleted', { prefetch: 1 }, handle);
      await harness.deleteQueue('c.deleted');
      await eventually(() => send(broker, 'c.deleted', 'm-1'));
      await eventually(() => expect(ids()).toContain('m-1'));
      await subscription.cancel();
    });

    it('subscribes by itself once a missing queue appears', async () => {
      const { ids, handle } = collector();
      const subscription = await broker.consume('c.later', { prefetch: 1 }, handle);
      expect(await broker.expect('c.later')).toBe(false);
      const other = await harness.connect('declarer');
      await other.declare([], [testQueue('c.later')]);
      expect(await broker.expect('c.later')).toBe(true);
      await send(broker, 'c.later', 'm-1');
      await eventually(() => expect(ids()).toEqual(['m-1']), 10_000);
      await subscription.cancel();
      await other.close();
    });

    it('drains on close: running handlers end and are acknowledged, nothing is delivered twice', async () => {
      await broker.declare([], [testQueue('c.drain')]);
      const leaving = await harness.connect('leaving');
      const slow = collector(async (): Promise<Disposition> => {
        await pause(200);
        return 'done';
      });
      await leaving.consume('c.drain', { prefetch: 4 }, slow.handle);
      await Promise.all(Array.from({ length: 6 }, (_, n) => send(broker, 'c.drain', `m-${n}`)));
      await eventually(() => expect(slow.seen.length).toBeGreaterThanOrEqual(4));
      await leaving.close();
      expect(leaving.state).toBe('closed');
      const rest = collector();
      const subscription = await broker.consume('c.drain', { prefetch: 10 }, rest.handle);
      await eventually(() => expect(slow.seen.length + rest.seen.length).toBe(6));
      await pause(100);
      expect([...slow.ids(), ...rest.ids()].sort()).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-4', 'm-5']);
      await subscription.cancel();
    });

    it('listens to a live stream, also after the link broke', async () => {
      const seen: unknown[] = [];
      const subscription = await broker.listen([{ exchange: 'test.topic', routingKey: 'club-1.*' }], ({ body }) => {
        seen.push(body);
      });
      broker.hint({ exchange: 'test.topic', routingKey: 'club-1.pay', body: 'one' });
      broker.hint({ exchange: 'test.topic', routingKey: 'club-2.pay', body: 'foreign' });
      await eventually(() => expect(seen).toEqual(['one']));
      const back = reconnection(broker);
      harness.cut('consumer');
      await back;
      await eventually(() => {
        broker.hint({ exchange: 'test.topic', routingKey: 'club-1.pay', body: 'two' });
        expect(seen).toContain('two');
      });
      await subscription.cancel();
    });
  });
}
