import type { ExchangeDeclaration, QueueDeclaration } from '@kkm/contracts';
import type { ChannelEvents, ConsumeRequest, WireChannel, WireDelivery, WireMessage } from '../wire';
import type { MemoryPipe } from './memory-pipe';
import type { MemoryQueue, QueueConsumer, QueuedMessage, StoredMessage } from './memory-queue';
import { ChannelRefusal } from './memory-router';
import type { MemoryRouter } from './memory-router';

/** The pseudo-queue of direct reply-to. */
const replyQueue = 'amq.rabbitmq.reply-to';

interface Consumption {
  readonly request: ConsumeRequest;
  readonly queue: MemoryQueue;
  readonly member: QueueConsumer;
  held: number;
}

/** The connection a channel belongs to, as far as the channel needs it. */
export interface ChannelHost {
  readonly server: MemoryRouter;
  readonly identity: { readonly user: string };
  readonly up: MemoryPipe;
  readonly down: MemoryPipe;
}

/** A channel of the in-memory broker; both ends of it, joined by the connection's pipes. */
export class MemoryChannel implements WireChannel {
  private closed = false;
  private dropped = false;
  private tags = 0;
  private readonly unsettled = new Map<number, { readonly queued: QueuedMessage; readonly consumption: Consumption }>();
  private readonly consumptions = new Map<string, Consumption>();
  private readonly pending = new Set<(error: Error) => void>();
  private readonly unconfirmed = new Set<(failure: Error | null) => void>();
  private replyAddress: string | null = null;
  private readonly liveQueues: string[] = [];

  constructor(
    private readonly connection: ChannelHost,
    private readonly confirming: boolean,
    private readonly events: ChannelEvents,
  ) {}

  declareExchange(exchange: ExchangeDeclaration): Promise<void> {
    return this.ask(() => this.connection.server.declareExchange(exchange));
  }

  declareQueue(queue: QueueDeclaration): Promise<void> {
    return this.ask(() => this.connection.server.declareQueue(queue));
  }

  declareLiveQueue(lengthMax: number): Promise<string> {
    return this.ask(() => {
      const name = this.connection.server.freshName('amq.gen-');
      this.connection.server.declareQueue({ name, arguments: { 'x-max-length': lengthMax }, bindings: [] });
      this.liveQueues.push(name);
      return name;
    });
  }

  bind(queue: string, exchange: string, routingKey: string): Promise<void> {
    return this.ask(() => this.connection.server.bind(queue, exchange, routingKey));
  }

  unbind(queue: string, exchange: string, routingKey: string): Promise<void> {
    return this.ask(() => this.connection.server.unbind(queue, exchange, routingKey));
  }

  checkQueue(queue: string): Promise<void> {
    return this.ask(() => void this.connection.server.queue(queue));
  }

  consume(request: ConsumeRequest): Promise<string> {
    return this.ask(() => {
      const tag = this.connection.server.freshName('ctag-');
      if (request.queue === replyQueue) {
        this.replyAddress = this.connection.server.openReplies((message) =>
          this.deliver(request, message, { deliveryTag: (this.tags += 1), redelivered: false }),
        );
        return tag;
      }
      const queue = this.connection.server.queue(request.queue);
      const consumption: Consumption = {
        request,
        queue,
        held: 0,
        member: this.memberFor(
          request,
          (queued) => this.hold(consumption, queued),
          () => consumption.held,
        ),
      };
      this.consumptions.set(tag, consumption);
      queue.join(consumption.member);
      return tag;
    });
  }

  cancel(consumerTag: string): Promise<void> {
    return this.ask(() => {
      const consumption = this.consumptions.get(consumerTag);
      if (!consumption) return;
      this.consumptions.delete(consumerTag);
      consumption.queue.leave(consumption.member);
      consumption.queue.hand();
    });
  }

  publish(message: WireMessage, settled?: (failure: Error | null) => void): void {
    this.refuseWhenClosed();
    if (settled) this.unconfirmed.add(settled);
    this.connection.up.send(() => {
      this.guarded(() => {
        const { replyTo } = message.properties;
        const addressed = replyTo === replyQueue ? { ...message, properties: { ...message.properties, replyTo: this.replyAddress ?? undefined } } : message;
        const result = this.connection.server.publish(addressed, this.connection.identity.user);
        if (result === 'unroutable' && message.mandatory) {
          this.connection.down.send(() => this.events.returned?.({ correlationId: message.properties.correlationId ?? null, reason: 'NO_ROUTE' }));
        }
        if (!settled || !this.confirming) return;
        this.connection.down.send(() => {
          if (this.unconfirmed.delete(settled)) settled(result === 'refused' ? new Error('message nacked') : null);
        });
      });
    });
  }

  ack(deliveryTag: number): void {
    this.settle(deliveryTag, () => undefined);
  }

  giveBack(deliveryTag: number): void {
    this.settle(deliveryTag, (queue, queued) => queue.giveBack(queued));
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Error('The channel is closed.'));
      this.connection.up.send(() => {
        this.dropByServer();
        this.connection.down.send(() => {
          this.closedAtClient(null);
          resolve();
        });
      });
    });
  }

  /** The server's end is gone: what was not acknowledged comes back to its queue. */
  dropByServer(): void {
    this.dropped = true;
    for (const { queue, member } of this.consumptions.values()) queue.leave(member);
    const queues = new Set([...this.consumptions.values()].map(({ queue }) => queue));
    this.consumptions.clear();
    for (const { queued, consumption } of this.unsettled.values()) {
      consumption.queue.giveBack(queued);
      queues.add(consumption.queue);
    }
    this.unsettled.clear();
    if (this.replyAddress !== null) this.connection.server.closeReplies(this.replyAddress);
    for (const name of this.liveQueues.splice(0)) this.connection.server.deleteQueue(name);
    for (const queue of queues) queue.hand();
  }

  /** The client's end learns that the channel is gone. */
  closedAtClient(reason: string | null): void {
    if (this.closed) return;
    this.closed = true;
    for (const settled of this.unconfirmed) settled(new Error('channel closed'));
    this.unconfirmed.clear();
    for (const reject of this.pending) reject(new Error('channel closed'));
    this.pending.clear();
    this.events.closed(reason);
  }

  private memberFor(request: ConsumeRequest, take: (queued: QueuedMessage) => void, held: () => number): QueueConsumer {
    return {
      hasRoom: () => request.noAck || request.prefetch === 0 || held() < request.prefetch,
      take,
      cancelled: () => this.connection.down.send(() => request.cancelled()),
    };
  }

  private hold(consumption: Consumption, queued: QueuedMessage): void {
    const deliveryTag = (this.tags += 1);
    if (!consumption.request.noAck) {
      consumption.held += 1;
      this.unsettled.set(deliveryTag, { queued, consumption });
    }
    this.deliver(consumption.request, queued.message, { deliveryTag, redelivered: queued.returns > 0 });
  }

  private deliver(
    request: ConsumeRequest,
    { exchange, routingKey, content, properties }: StoredMessage,
    mark: Pick<WireDelivery, 'deliveryTag' | 'redelivered'>,
  ): void {
    this.connection.down.send(() => {
      if (!this.closed) request.delivered({ ...mark, exchange, routingKey, content, properties });
    });
  }

  private settle(deliveryTag: number, then: (queue: MemoryQueue, queued: QueuedMessage) => void): void {
    this.refuseWhenClosed();
    this.connection.up.send(() =>
      this.guarded(() => {
        const known = this.unsettled.get(deliveryTag);
        if (!known) throw new ChannelRefusal(406, `PRECONDITION_FAILED - unknown delivery tag ${deliveryTag}`);
        this.unsettled.delete(deliveryTag);
        known.consumption.held -= 1;
        then(known.consumption.queue, known.queued);
        known.consumption.queue.hand();
      }),
    );
  }

  private ask<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new Error('The channel is closed.'));
      this.pending.add(reject);
      const answer = (settle: () => void): void =>
        this.connection.down.send(() => {
          this.pending.delete(reject);
          settle();
        });
      this.connection.up.send(() => {
        this.guarded(
          () => {
            const result = work();
            answer(() => resolve(result));
          },
          (refusal) => answer(() => reject(refusal)),
        );
      });
    });
  }

  /** Runs the server's part; a refusal closes the channel, as AMQP wants it. */
  private guarded(work: () => void, refused: (refusal: ChannelRefusal) => void = () => undefined): void {
    if (this.dropped) return; // Sent after the refusal, before the client knew of it.
    try {
      work();
    } catch (error) {
      if (!(error instanceof ChannelRefusal)) throw error;
      refused(error);
      this.dropByServer();
      this.connection.down.send(() => this.closedAtClient(error.message));
    }
  }

  private refuseWhenClosed(): void {
    if (this.closed) throw new Error('The channel is closed.');
  }
}
