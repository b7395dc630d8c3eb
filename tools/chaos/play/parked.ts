import { queues } from '@kkm/contracts';
import { BrokerManagement } from '@kkm/testkit';
import type { ParkedMessage } from '../count/facts';

const messagesMax = 10_000;

/** Takes what was parked off its queue. */
export async function readParked(amqpManagementUrl: string, vhost: string): Promise<readonly ParkedMessage[]> {
  const messages = await new BrokerManagement(amqpManagementUrl, vhost).take(queues.parked, messagesMax);
  return messages.map(({ payload, properties: { headers } }) => ({
    reason: String(headers?.['x-park-reason'] ?? 'dead-lettered'),
    queue: String(headers?.['x-original-queue'] ?? headers?.['x-first-death-queue'] ?? 'unknown'),
    paymentId: paymentIdIn(payload),
  }));
}

/** Commands and results name their payment. */
function paymentIdIn(payload: string): string | null {
  try {
    const body: unknown = JSON.parse(payload);
    return typeof body === 'object' && body !== null && 'paymentId' in body ? String(body.paymentId) : null;
  } catch {
    return null; // Parked because it cannot be read.
  }
}
