import { connect } from 'amqplib';
import { exchanges } from '@kkm/contracts';
import type { CompletionEvent, Payment } from '@kkm/core';
import { acknowledgeInGroups } from '../measure/acknowledge-in-groups';
import { monotonicMs } from '../measure/clock';

/** The queue the load program subscribes with, as iCafeCloud would: durable, quorum, acknowledged. */
const queue = 'bench.events';

/** What happens at the end of a payment. */
export interface Completion {
  readonly payment: Payment;
  /** Monotonic time at which the event was in the load program's hands. */
  readonly atMs: number;
  /** The same moment on the wall clock, to be compared with the times KKM writes. */
  readonly atWallMs: number;
}

/** A subscription to all completion events. */
export interface CompletionEvents {
  /** Events of any kind so far. */
  count(): number;
  close(): Promise<void>;
}

/** Event names after which a payment of the bench is over. */
const ends = new Set(['succeeded', 'declined', 'cancelled', 'expired', 'failed', 'in_doubt', 'rejected']);

/** Subscribes to every event and calls back for those that end a payment. */
export async function followCompletions(amqpUrl: string, onCompletion: (completion: Completion) => void): Promise<CompletionEvents> {
  const connection = await connect(amqpUrl, { noDelay: true });
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(queue, exchanges.events, '#');
  let seen = 0;
  const acknowledge = acknowledgeInGroups(channel);
  await channel.prefetch(1000);
  const { consumerTag } = await channel.consume(queue, (message) => {
    if (!message) return;
    const atMs = monotonicMs();
    const atWallMs = Date.now();
    seen += 1;
    acknowledge.one();
    const what = message.fields.routingKey.split('.').at(-1) ?? '';
    if (!ends.has(what)) return;
    const event = JSON.parse(message.content.toString()) as CompletionEvent;
    onCompletion({ payment: event.data as Payment, atMs, atWallMs });
  });
  return {
    count: () => seen,
    async close() {
      await channel.cancel(consumerTag);
      acknowledge.end();
      await channel.deleteQueue(queue);
      await connection.close();
    },
  };
}
