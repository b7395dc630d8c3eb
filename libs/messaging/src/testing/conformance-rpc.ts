import { Rejected, Unavailable } from '@kkm/core';
import { queueTable } from '@kkm/contracts';
import { eventually, pause } from '@kkm/testkit';
import { RemoteFault } from '../broker';
import type { Broker } from '../broker';
import { parkedQueue, testExchanges } from './conformance-harness';
import type { BrokerHarness } from './conformance-harness';

/** Calls and their deadlines. */
export function rpcConformance(make: () => Promise<BrokerHarness>): void {
  describe('calls', () => {
    let harness: BrokerHarness;
    let caller: Broker;
    let server: Broker;
    const served: string[] = [];
    beforeAll(async () => {
      harness = await make();
      caller = await harness.connect('caller');
      server = await harness.connect('server');
      await server.declare(testExchanges, [parkedQueue]);
      await server.declare(
        [],
        queueTable.filter(({ name }) => name === 'ledger.rpc'),
      );
      await server.serve('ledger.rpc', { prefetch: 50 }, async (method, request, delivery) => {
        served.push(method);
        if (method === 'echo') return { request, user: delivery.userId };
        if (method === 'busy') throw new Rejected('payment.order_busy', { detail: 'of order 7', members: { paymentId: 'pay_1' } });
        if (method === 'down') throw new Unavailable('broker.unavailable');
        if (method === 'slow') return pause(400).then(() => 'late');
        if (method === 'nothing') return undefined;
        throw new Error('a bug');
      });
    });
    afterAll(() => harness.dispose());

    const call = (method: string, timeoutMs = 2_000, request: unknown = null): Promise<unknown> => caller.call('ledger.rpc', method, request, { timeoutMs });

    it('answers, and the server knows the verified user', async () => {
      expect(await call('echo', 2_000, { n: 1 })).toEqual({ request: { n: 1 }, user: harness.user });
      expect(await call('nothing')).toBeNull();
    });

    it('keeps many calls apart', async () => {
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => call('echo', 5_000, n)));
      expect(answers).toEqual(Array.from({ length: 200 }, (_, n) => ({ request: n, user: harness.user })));
    });

    it('rebuilds the error that the service threw', async () => {
      const busy = await call('busy').catch((error: unknown) => error);
      expect(busy).toBeInstanceOf(Rejected);
      expect(busy).toMatchObject({ code: 'payment.order_busy', detail: 'of order 7', members: { paymentId: 'pay_1' } });
      await expect(call('down')).rejects.toBeInstanceOf(Unavailable);
    });

    it('tells a fault inside the service from an answer, without its text', async () => {
      const fault = await call('bug').catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(RemoteFault);
      expect(String(fault)).not.toContain('a bug');
    });

    it('gives up at the deadline and drops the late answer', async () => {
      await expect(call('slow', 100)).rejects.toMatchObject({ code: 'ledger.unavailable' });
      await pause(500);
      expect(await call('echo', 2_000, 'next')).toMatchObject({ request: 'next' });
    });

    it('learns at once that nobody can serve', async () => {
      const startedAt = Date.now();
      await expect(caller.call('gateway.rpc', 'equipment.of-site', {}, { timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'gateway.unavailable' });
      expect(Date.now() - startedAt).toBeLessThan(2_000);
    });

    it('fails open calls when the link breaks, and calls again afterwards', async () => {
      const open = call('slow', 5_000);
      await eventually(() => expect(served.at(-1)).toBe('slow'));
      harness.cut('caller');
      await expect(open).rejects.toBeInstanceOf(Unavailable);
      expect(await call('echo', 5_000, 'again')).toMatchObject({ request: 'again' });
    });

    it('does not run a call whose caller gave up while it waited', async () => {
      harness.isolate('server');
      await eventually(() => expect(server.state).toBe('connecting'));
      const echoes = (): number => served.filter((method) => method === 'echo').length;
      const before = echoes();
      await expect(call('echo', 200)).rejects.toBeInstanceOf(Unavailable);
      harness.restore('server');
      await eventually(() => expect(server.state).toBe('connected'), 15_000);
      expect(await call('echo', 5_000, 'alive')).toMatchObject({ request: 'alive' });
      expect(echoes()).toBe(before + 1);
    });
  });
}
