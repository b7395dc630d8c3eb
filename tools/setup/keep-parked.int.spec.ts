import { exchangeTable, queues, queueTable } from '@kkm/contracts';
import { connectBroker } from '@kkm/messaging';
import { describeWith, eventually, readTestServers, testBroker } from '@kkm/testkit';
import { keepParked, manageBroker } from './broker-rights';

describeWith(['broker'], 'the policy of the parking place', () => {
  it('takes the limit of deliveries off the queue of parked messages, and off no other', async () => {
    const vhost = await testBroker();
    const url = new URL(readTestServers().amqpManagementUrl ?? '');
    const administration = { url: url.origin, user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    const broker = await connectBroker({ url: vhost.url, name: 'policy' });
    const queueOf = async (queue: string): Promise<unknown> =>
      manageBroker(administration, { method: 'GET', path: `/api/queues/${vhost.management.vhost}/${queue}` });
    try {
      await broker.declare(exchangeTable, queueTable);
      for (const _time of [1, 2]) await keepParked(administration, vhost.management.vhost);
      await eventually(
        async () => expect(await queueOf(queues.parked)).toMatchObject({ effective_policy_definition: { 'delivery-limit': 1_000_000 } }),
        15_000,
      );
      expect(await queueOf(queues.ledgerResults)).not.toMatchObject({ effective_policy_definition: { 'delivery-limit': expect.anything() as unknown } });
    } finally {
      await broker.close();
      await vhost.dispose();
    }
  });
});
