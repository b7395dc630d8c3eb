import { exchanges } from '@kkm/contracts';
import type { RpcReply } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import type { ErrorCode } from '@kkm/core';
import type { RpcQueue } from './broker';
import { LastingChannel } from './lasting-channel';
import type { Link } from './link';
import { encodeBody, type Publisher } from './publisher';
import { parseJson } from './read-delivery';
import { errorOf } from './rpc-errors';
import type { Surroundings } from './surroundings';
import type { Wire, WireDelivery } from './wire';

/** So many calls may be unanswered at a time; a further one fails. */
export const callsMax = 5_000;

/** RabbitMQ's pseudo-queue: answers come straight to the channel that asked. */
const replyQueue = 'amq.rabbitmq.reply-to';

const unavailableCodes: Readonly<Record<RpcQueue, ErrorCode>> = { 'ledger.rpc': 'ledger.unavailable', 'gateway.rpc': 'gateway.unavailable' };

/** A call as it is made. */
export interface OutgoingCall {
  readonly service: RpcQueue;
  readonly method: string;
  readonly request: unknown;
  readonly timeoutMs: number;
}

/** A reply, or why there is none. */
type Reply = RpcReply<unknown> | { readonly failed: string };

/** Makes calls on a channel of its own, with direct reply-to. */
export class RpcClient {
  private readonly channel: LastingChannel;
  private sequence = 0;
  private readonly open = new Map<string, (reply: Reply) => void>();

  constructor(
    link: Link,
    private readonly publisher: Publisher,
    private readonly around: Surroundings,
  ) {
    this.channel = new LastingChannel(link, around, {
      confirming: false,
      purpose: 'calls',
      setUp: async (channel) => {
        await channel.consume({ queue: replyQueue, prefetch: 0, noAck: true, delivered: (delivery) => this.take(delivery), cancelled: () => undefined });
      },
      closed: (reason) => this.failAll(reason),
      returned: ({ correlationId, reason }) => {
        if (correlationId !== null) this.open.get(correlationId)?.({ failed: `nobody serves it (${reason})` });
      },
    });
  }

  /** Opens the channel of a fresh connection. */
  prepare(wire: Wire): Promise<void> {
    return this.channel.prepare(wire);
  }

  /** See `Broker.call`. */
  async call(call: OutgoingCall): Promise<unknown> {
    const { service, method } = call;
    const startedMs = this.around.clock.nowMs();
    const reply = await this.ask(call);
    this.around.metrics.called({ service, method, ok: 'ok' in reply && reply.ok }, this.around.clock.nowMs() - startedMs);
    if ('failed' in reply) throw new Unavailable(unavailableCodes[service], { detail: `${method}: ${reply.failed}` });
    if (!reply.ok) throw errorOf(reply, `${service} ${method}`);
    return reply.value;
  }

  /** Fails what is still unanswered; called when the broker is closed for good. */
  failAll(why: string): void {
    for (const settle of [...this.open.values()]) settle({ failed: why });
  }

  private async ask({ service, method, request, timeoutMs }: OutgoingCall): Promise<Reply> {
    const content = encodeBody(request);
    const startedMs = this.around.clock.nowMs();
    const channel = this.channel.open ?? (await this.channel.opened(timeoutMs));
    const leftMs = timeoutMs - (this.around.clock.nowMs() - startedMs);
    if (!channel || leftMs <= 0) return { failed: 'there is no connection to the broker' };
    if (this.open.size >= callsMax) return { failed: 'too many calls are unanswered' };
    return new Promise((resolve) => {
      const correlationId = String((this.sequence += 1));
      const settle = (reply: Reply): void => {
        if (!this.open.delete(correlationId)) return;
        stop();
        resolve(reply);
      };
      const stop = this.around.clock.after(leftMs, () => settle({ failed: `no answer within ${timeoutMs} ms` }));
      this.open.set(correlationId, settle);
      // The request dies in the queue with its caller's patience. Mandatory: without a queue the caller learns it at once.
      const properties = {
        ...this.publisher.stamp(),
        type: method,
        contentType: 'application/json',
        correlationId,
        replyTo: replyQueue,
        expiration: String(Math.ceil(leftMs)),
      };
      try {
        channel.publish({ exchange: exchanges.rpc, routingKey: service, content, properties, persistent: false, mandatory: true });
      } catch (error) {
        settle({ failed: error instanceof Error ? error.message : String(error) });
      }
    });
  }

  private take(delivery: WireDelivery): void {
    const { correlationId } = delivery.properties;
    const settle = correlationId === undefined ? undefined : this.open.get(correlationId);
    if (!settle) return; // Its caller has given up.
    const parsed = parseJson(delivery.content);
    settle(parsed && isReply(parsed.value) ? parsed.value : { failed: 'the answer cannot be read' });
  }
}

function isReply(value: unknown): value is RpcReply<unknown> {
  return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean' && (value.ok || 'error' in value);
}
