import { eventually, pause } from '@kkm/testkit';
import type { Broker, Disposition } from '../broker';
import { collector, gate, parkedQueue, send, singleActiveQueue, testExchanges } from './conformance-harness';
import type { BrokerHarness } from './conformance-harness';

/** Queues with a single active consumer, like those of terminals. */
export function handOverConformance(make: () => Promise<BrokerHarness>): void {
  describe('single active consumer', () => {
    let harness: BrokerHarness;
    let first: Broker;
    let second: Broker;
    beforeAll(async () => {
      harness = await make();
      first = await harness.connect('first');
      second = await harness.connect('second');
      await first.declare(testExchanges, [parkedQueue]);
    });
    afterAll(() => harness.dispose());

    it('gives everything to the consumer that came first', async () => {
      await first.declare([], [singleActiveQueue('h.first')]);
      const [active, standby] = [collector(), collector()];
      const subscriptions = [await first.consume('h.first', { prefetch: 1 }, active.handle), await second.consume('h.first', { prefetch: 1 }, standby.handle)];
      for (let n = 0; n < 5; n += 1) await send(first, 'h.first', `m-${n}`);
      await eventually(() => expect(active.seen).toHaveLength(5));
      expect(standby.seen).toHaveLength(0);
      await Promise.all(subscriptions.map((subscription) => subscription.cancel()));
    });

    it('hands the unacknowledged message over when the first one’s link breaks, even while its handler runs', async () => {
      await first.declare([], [singleActiveQueue('h.cut')]);
      const open = gate();
      const active = collector(async (): Promise<Disposition> => {
        await open.passed;
        return 'done';
      });
      const standby = collector();
      await first.consume('h.cut', { prefetch: 1 }, active.handle);
      await second.consume('h.cut', { prefetch: 1 }, standby.handle);
      await send(second, 'h.cut', 'm-1');
      await eventually(() => expect(active.seen).toHaveLength(1));
      harness.cut('first');
      await eventually(() => expect(standby.seen.map(({ messageId, redelivered }) => [messageId, redelivered])).toEqual([['m-1', true]]));
      open.open();
    });

    it('hands over only when the leaving one’s handler has ended, and then goes on in order', async () => {
      await first.declare([], [singleActiveQueue('h.leave')]);
      const order: string[] = [];
      const open = gate();
      const leaving = await first.consume('h.leave', { prefetch: 1 }, async ({ messageId }) => {
        order.push(`first begins ${messageId}`);
        await open.passed;
        order.push(`first ends ${messageId}`);
        return 'done';
      });
      const subscription = await second.consume('h.leave', { prefetch: 1 }, async ({ messageId }) => {
        order.push(`second begins ${messageId}`);
        return 'done';
      });
      for (const id of ['m-1', 'm-2', 'm-3']) await send(first, 'h.leave', id);
      await eventually(() => expect(order).toEqual(['first begins m-1']));
      const left = leaving.cancel();
      await pause(200);
      expect(order).toEqual(['first begins m-1']);
      open.open();
      await left;
      await eventually(() => expect(order).toHaveLength(4));
      expect(order).toEqual(['first begins m-1', 'first ends m-1', 'second begins m-2', 'second begins m-3']);
      await subscription.cancel();
    });

    it('gives a delivery that is being retried back when its consumer leaves', async () => {
      await first.declare([], [singleActiveQueue('h.retry')]);
      const held = collector(() => 'retry');
      const taken = collector();
      const leaving = await first.consume('h.retry', { prefetch: 1 }, held.handle);
      const subscription = await second.consume('h.retry', { prefetch: 1 }, taken.handle);
      await send(first, 'h.retry', 'm-1');
      await eventually(() => expect(held.seen.length).toBeGreaterThan(0));
      await leaving.cancel();
      await eventually(() => expect(taken.ids()).toEqual(['m-1']));
      await subscription.cancel();
    });
  });
}
