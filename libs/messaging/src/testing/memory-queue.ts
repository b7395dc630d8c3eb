import type { QueueDeclaration } from '@kkm/contracts';
import type { WireProperties } from '../wire';

/** A message in the in-memory broker. */
export interface StoredMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: WireProperties;
  readonly persistent: boolean;
}

/** A message in a queue. */
export interface QueuedMessage {
  readonly message: StoredMessage;
  /** Its place; kept when it comes back. */
  readonly place: number;
  readonly expiresAtMs: number;
  /** How often it came back unacknowledged. */
  readonly returns: number;
}

/** A consumer of a queue. */
export interface QueueConsumer {
  /** Whether another message may be handed to it. */
  hasRoom(): boolean;
  take(queued: QueuedMessage): void;
  /** The queue was deleted under it. */
  cancelled(): void;
}

/** What a queue asks of its server. */
export interface QueueSurroundings {
  nowMs(): number;
  deadLetter(exchange: string, message: StoredMessage): void;
}

/** A queue with RabbitMQ's rules as far as KKM stands on them: order, turns, single active consumer, length, expiry, delivery limit. */
export class MemoryQueue {
  private ready: QueuedMessage[] = [];
  private readonly consumers: QueueConsumer[] = [];
  private places = 0;
  private turn = 0;

  constructor(
    readonly declaration: Pick<QueueDeclaration, 'name' | 'arguments'>,
    private readonly around: QueueSurroundings,
  ) {}

  /** Messages nobody holds, oldest first. */
  get waiting(): readonly StoredMessage[] {
    return this.ready.map(({ message }) => message);
  }

  /** Appends a message; false when the queue is full and refuses. */
  append(message: StoredMessage): boolean {
    const lengthMax = this.argument('x-max-length');
    if (lengthMax !== null && this.ready.length >= lengthMax) {
      if (this.declaration.arguments['x-overflow'] === 'reject-publish') return false;
      this.ready.shift();
    }
    const limits = [this.argument('x-message-ttl'), message.properties.expiration === undefined ? null : Number(message.properties.expiration)];
    const ttlMs = Math.min(...limits.map((limit) => limit ?? Infinity));
    this.ready.push({ message, place: (this.places += 1), expiresAtMs: this.around.nowMs() + ttlMs, returns: 0 });
    this.hand();
    return true;
  }

  /** Takes an unacknowledged message back to its place, or parks it when it came back too often. */
  giveBack(queued: QueuedMessage): void {
    const returned = { ...queued, returns: queued.returns + 1 };
    const limit = this.argument('x-delivery-limit');
    const exchange = this.declaration.arguments['x-dead-letter-exchange'];
    if (limit !== null && returned.returns > limit) {
      if (typeof exchange === 'string') this.around.deadLetter(exchange, queued.message);
      return;
    }
    this.ready.push(returned);
    this.ready.sort((a, b) => a.place - b.place);
  }

  /** Adds a consumer. */
  join(consumer: QueueConsumer): void {
    this.consumers.push(consumer);
    this.hand();
  }

  /** Removes a consumer; what it holds stays with it. */
  leave(consumer: QueueConsumer): void {
    const index = this.consumers.indexOf(consumer);
    if (index < 0) return;
    this.consumers.splice(index, 1);
    if (index < this.turn) this.turn -= 1;
  }

  /** Tells all consumers that the queue is gone. */
  delete(): void {
    for (const consumer of this.consumers.splice(0)) consumer.cancelled();
    this.ready = [];
  }

  /** Forgets what does not survive a restart. */
  restart(): void {
    this.consumers.length = 0;
    this.ready = this.ready.filter(({ message }) => message.persistent);
  }

  /** Hands out what can be handed out. */
  hand(): void {
    for (;;) {
      const nowMs = this.around.nowMs();
      this.ready = this.ready.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
      const [queued] = this.ready;
      const consumer = queued && this.nextConsumer();
      if (!queued || !consumer) return;
      this.ready.shift();
      consumer.take(queued);
    }
  }

  private nextConsumer(): QueueConsumer | null {
    if (this.declaration.arguments['x-single-active-consumer'] === true) return this.consumers[0]?.hasRoom() ? this.consumers[0] : null;
    for (let n = 0; n < this.consumers.length; n += 1) {
      const index = (this.turn + n) % this.consumers.length;
      const consumer = this.consumers[index];
      if (!consumer?.hasRoom()) continue;
      this.turn = index + 1;
      return consumer;
    }
    return null;
  }

  private argument(name: string): number | null {
    const value = this.declaration.arguments[name];
    return typeof value === 'number' ? value : null;
  }
}
