import { queues } from '@kkm/contracts';
import { BrokerManagement, eventually } from '@kkm/testkit';
import type { ParkedMessage } from '../count/facts';
import type { Caller } from './caller';

/** The gateway takes parked messages in at once; within this time also after its database was away. */
const takenInMs = 30_000;

/** What was parked, once all of it is where a person sees it. */
export async function readParked(caller: Caller, amqpManagementUrl: string, vhost: string): Promise<readonly ParkedMessage[]> {
  const management = new BrokerManagement(amqpManagementUrl, vhost);
  await eventually(async () => {
    const waiting = (await management.queues()).find(({ name }) => name === queues.parked)?.messages ?? 0;
    if (waiting > 0) throw new Error(`${waiting} parked messages were not taken in`);
  }, takenInMs);
  return (await caller.parked()).map(({ reason, queue, paymentId }) => ({ reason, queue: queue ?? 'unknown', paymentId }));
}
