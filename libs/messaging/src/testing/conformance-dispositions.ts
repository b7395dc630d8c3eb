import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import { eventually, pause } from '@kkm/testkit';
import type { Broker, Delivery, Disposition, RawDelivery } from '../broker';
import { collector, fastClock, parkedQueue, send, testExchanges, testQueue } from './conformance-harness';
import type { BrokerHarness } from './conformance-harness';

/** What `done`, `retry`, `park` and thrown errors lead to. */
export function dispositionConformance(make: () => Promise<BrokerHarness>): void {
  describe('dispositions', () => {
    let harness: BrokerHarness;
    let broker: Broker;
    const parked: Delivery[] = [];
    beforeAll(async () => {
      harness = await make();
      broker = await harness.connect('handler', { clock: fastClock(20) });
      await broker.declare(testExchanges, [parkedQueue]);
      await broker.consume('parked', { prefetch: 10 }, async (delivery) => {
        parked.push(delivery);
        return 'done';
      });
    });
    afterAll(() => harness.dispose());

    /** Handles one message on a queue of its own and tells how often. */
    async function handled(queue: string, answer: (delivery: Delivery, time: number) => Disposition): Promise<{ times: number; parked: Delivery | undefined }> {
      await broker.declare([], [testQueue(queue)]);
      let times = 0;
      const subscription = await broker.consume(queue, { prefetch: 1 }, async (delivery) => answer(delivery, (times += 1)));
      await send(broker, queue, `${queue}-m`);
      await eventually(() => expect(times).toBeGreaterThan(0));
      // Whatever follows a message that went through comes next.
      await send(broker, queue, `${queue}-next`);
      await pause(50);
      await eventually(() => expect(parked.some(({ messageId }) => messageId === `${queue}-m`) || times > 1).toBe(true), 20_000);
      await pause(50);
      await subscription.cancel();
      return { times, parked: parked.find(({ messageId }) => messageId === `${queue}-m`) };
    }

    it('holds a delivery to be retried and hands it out again, more often than the delivery limit', async () => {
      await broker.declare([], [testQueue('d.retry', { 'x-delivery-limit': 3 })]);
      const { seen, handle } = collector(() => (seen.length <= 12 ? 'retry' : 'done'));
      const subscription = await broker.consume('d.retry', { prefetch: 1 }, handle);
      await send(broker, 'd.retry', 'm-retry');
      await eventually(() => expect(seen.length).toBe(13), 20_000);
      // It never left this consumer: to the broker it was handed out once.
      expect(seen.every(({ redelivered }) => !redelivered)).toBe(true);
      await pause(100);
      expect(parked.map(({ messageId }) => messageId)).not.toContain('m-retry');
      await subscription.cancel();
    });

    it('stops the queue behind a delivery that is being retried', async () => {
      await broker.declare([], [testQueue('d.order')]);
      let down = true;
      const { ids, handle } = collector(() => (down ? 'retry' : 'done'));
      const subscription = await broker.consume('d.order', { prefetch: 1 }, handle);
      await send(broker, 'd.order', 'm-1');
      await send(broker, 'd.order', 'm-2');
      await eventually(() => expect(ids().length).toBeGreaterThan(2));
      expect(new Set(ids())).toEqual(new Set(['m-1']));
      down = false;
      await eventually(() => expect(ids().at(-1)).toBe('m-2'));
      await subscription.cancel();
    });

    it('parks with the reason and where the message came from', async () => {
      const { times, parked: found } = await handled('d.park', () => ({ park: 'message.unknown_type' }));
      expect(times).toBe(2);
      expect(found).toMatchObject({ messageId: 'd.park-m', body: { messageId: 'd.park-m' }, userId: harness.user });
      expect(found?.headers).toMatchObject({
        'x-park-reason': 'message.unknown_type',
        'x-original-exchange': 'test.direct',
        'x-original-routing-key': 'd.park',
        'x-original-queue': 'd.park',
        'x-original-user-id': harness.user,
      });
    });

    it('retries what throws Unavailable', async () => {
      const { times, parked: found } = await handled('d.unavailable', (_delivery, time) => {
        if (time < 4) throw new Unavailable('ledger.unavailable');
        return 'done';
      });
      expect(times).toBeGreaterThanOrEqual(2);
      expect(found).toBeUndefined();
    });

    it('parks what throws Rejected, with its code, at once', async () => {
      const { parked: found } = await handled('d.rejected', () => {
        throw new Rejected('request.invalid');
      });
      expect(found?.headers['x-park-reason']).toBe('request.invalid');
    });

    it('parks what throws Indeterminate without handing it out again', async () => {
      const seen: (string | null)[] = [];
      const { parked: found } = await handled('d.indeterminate', ({ messageId }) => {
        seen.push(messageId);
        throw new Indeterminate('terminal.silent');
      });
      expect(found?.headers['x-park-reason']).toBe('terminal.silent');
      expect(seen.filter((id) => id === 'd.indeterminate-m')).toHaveLength(1);
    });

    it('parks what fails by a bug, after three tries', async () => {
      const seen: (string | null)[] = [];
      await broker.declare([], [testQueue('d.bug')]);
      const subscription = await broker.consume('d.bug', { prefetch: 1 }, async ({ messageId }) => {
        seen.push(messageId);
        throw new Error('a bug');
      });
      await send(broker, 'd.bug', 'd.bug-m');
      await eventually(() => expect(parked.find(({ messageId }) => messageId === 'd.bug-m')?.headers['x-park-reason']).toBe('handler.fault'));
      expect(seen).toHaveLength(3);
      await subscription.cancel();
    });

    it('parks a body that is not JSON, unchanged, without asking the handler', async () => {
      await broker.declare([], [testQueue('d.malformed')]);
      const { seen, handle } = collector();
      const malformed: Delivery[] = [];
      const watching = await broker.consume('parked', { prefetch: 10 }, async (delivery) => {
        malformed.push(delivery);
        return 'done';
      });
      const subscription = await broker.consume('d.malformed', { prefetch: 1 }, handle);
      await harness.publishRaw('test.direct', 'd.malformed', Buffer.from('{"cut'));
      await send(broker, 'd.malformed', 'd.malformed-next');
      await eventually(() => expect(seen.map(({ messageId }) => messageId)).toEqual(['d.malformed-next']));
      await subscription.cancel();
      await watching.cancel();
    });

    it('hands raw bytes to who takes them raw, holds what cannot be taken yet, and parks nothing of it', async () => {
      await broker.declare([], [testQueue('d.raw', { 'x-delivery-limit': 3 })]);
      const seen: RawDelivery[] = [];
      const subscription = await broker.consumeRaw('d.raw', { prefetch: 1 }, async (delivery) => {
        seen.push(delivery);
        if (seen.length <= 4) throw new Error('a bug');
        if (seen.length <= 8) throw new Unavailable('ledger.unavailable');
      });
      await harness.publishRaw('test.direct', 'd.raw', Buffer.from([0, 255, 123]));
      await send(broker, 'd.raw', 'd.raw-next');
      await eventually(() => expect(seen.map(({ messageId }) => messageId)).toEqual([...Array<null>(9).fill(null), 'd.raw-next']), 20_000);
      expect(seen[0]).toMatchObject({ content: Buffer.from([0, 255, 123]), exchange: 'test.direct', routingKey: 'd.raw' });
      expect(seen.at(-1)).toMatchObject({ userId: harness.user, headers: { 'x-sent-at-ms': expect.any(Number) as number } });
      await pause(100);
      expect(parked.filter(({ headers }) => headers['x-original-queue'] === 'd.raw')).toEqual([]);
      expect(parked.map(({ messageId }) => messageId)).not.toContain('d.raw-next');
      await subscription.cancel();
      await send(broker, 'd.raw', 'd.raw-later');
      await pause(50);
      expect(seen.at(-1)?.messageId).toBe('d.raw-next');
    });

    it('parks what was handed out and lost more often than the delivery limit allows', async () => {
      const crashing = await harness.connect('crashing');
      await crashing.declare([], [testQueue('d.crash', { 'x-delivery-limit': 2 })]);
      const seen: (string | null)[] = [];
      await crashing.consume('d.crash', { prefetch: 100 }, async ({ messageId }) => {
        seen.push(messageId);
        return new Promise(() => undefined);
      });
      await send(broker, 'd.crash', 'd.crash-m');
      for (let crash = 1; crash <= 3; crash += 1) {
        await eventually(() => expect(seen).toHaveLength(crash));
        harness.cut('crashing');
      }
      await eventually(() => expect(parked.map(({ messageId }) => messageId)).toContain('d.crash-m'), 20_000);
      expect(seen).toHaveLength(3);
    });
  });
}
