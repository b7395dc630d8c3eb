import type { ExchangeDeclaration, QueueDeclaration } from '@kkm/contracts';
import type { Clock } from '../surroundings';
import { furtherKeysHeader } from '../publisher';
import type { WireMessage } from '../wire';
import { MemoryQueue } from './memory-queue';
import type { StoredMessage } from './memory-queue';

/** Why the server closes a channel; `code` is RabbitMQ's reply code. */
export class ChannelRefusal extends Error {
  constructor(
    readonly code: number,
    text: string,
  ) {
    super(text);
  }
}

/** What became of a published message. */
export type PublishResult = 'queued' | 'refused' | 'unroutable';

/** Exchanges, queues and what is bound to what: the part of the in-memory broker that knows no connections. */
export class MemoryRouter {
  private readonly exchanges = new Map<string, ExchangeDeclaration>();
  private readonly queues = new Map<string, MemoryQueue>();
  private readonly bindings: { readonly exchange: string; readonly queue: string; readonly routingKey: string }[] = [];
  private readonly replies = new Map<string, (message: StoredMessage) => void>();
  private names = 0;

  /** @param latencyMs milliseconds that every message between client and server is under way. */
  constructor(
    readonly clock: Clock,
    readonly latencyMs: () => number,
  ) {}

  /** What is not durable is gone; what is durable and persistent stays. */
  restart(): void {
    for (const [name, { durable }] of this.exchanges) if (!durable) this.exchanges.delete(name);
    for (const queue of this.queues.values()) queue.restart();
  }

  /** Deletes a queue under its consumers. */
  deleteQueue(name: string): void {
    const queue = this.queues.get(name);
    this.queues.delete(name);
    for (let n = this.bindings.length - 1; n >= 0; n -= 1) if (this.bindings[n]?.queue === name) this.bindings.splice(n, 1);
    queue?.delete();
  }

  /** Messages of a queue that nobody holds, oldest first; null when there is no such queue. */
  waiting(name: string): readonly StoredMessage[] | null {
    return this.queues.get(name)?.waiting ?? null;
  }

  /** A name nobody has. */
  freshName(prefix: string): string {
    return `${prefix}${(this.names += 1)}`;
  }

  /** The queue, or a refusal. */
  queue(name: string): MemoryQueue {
    const queue = this.queues.get(name);
    if (!queue) throw new ChannelRefusal(404, `NOT_FOUND - no queue '${name}'`);
    return queue;
  }

  /** Declares an exchange, or refuses a contradiction. */
  declareExchange(exchange: ExchangeDeclaration): void {
    const known = this.exchanges.get(exchange.name);
    if (known && (known.type !== exchange.type || known.durable !== exchange.durable))
      throw new ChannelRefusal(406, `PRECONDITION_FAILED - inequivalent arg for exchange '${exchange.name}'`);
    this.exchanges.set(exchange.name, exchange);
  }

  /** Declares a queue with its bindings, or refuses a contradiction. */
  declareQueue({ name, arguments: given, bindings }: Pick<QueueDeclaration, 'name' | 'arguments' | 'bindings'>): void {
    const known = this.queues.get(name);
    if (known && JSON.stringify(sorted(known.declaration.arguments)) !== JSON.stringify(sorted(given)))
      throw new ChannelRefusal(406, `PRECONDITION_FAILED - inequivalent arg for queue '${name}'`);
    if (!known) {
      const around = { nowMs: () => this.clock.nowMs(), deadLetter: (exchange: string, message: StoredMessage) => void this.route({ ...message, exchange }) };
      this.queues.set(name, new MemoryQueue({ name, arguments: given }, around));
    }
    for (const { exchange, routingKey } of bindings) this.bind(name, exchange, routingKey);
  }

  /** Binds, or refuses when one end is missing. */
  bind(queue: string, exchange: string, routingKey: string): void {
    this.queue(queue);
    if (!this.exchanges.has(exchange)) throw new ChannelRefusal(404, `NOT_FOUND - no exchange '${exchange}'`);
    if (this.bindings.some((known) => known.queue === queue && known.exchange === exchange && known.routingKey === routingKey)) return;
    this.bindings.push({ queue, exchange, routingKey });
  }

  /** Unbinds, where it is bound; refuses when one end is missing. */
  unbind(queue: string, exchange: string, routingKey: string): void {
    this.queue(queue);
    if (!this.exchanges.has(exchange)) throw new ChannelRefusal(404, `NOT_FOUND - no exchange '${exchange}'`);
    const at = this.bindings.findIndex((known) => known.queue === queue && known.exchange === exchange && known.routingKey === routingKey);
    if (at >= 0) this.bindings.splice(at, 1);
  }

  /** Opens a way for answers; returns its address. */
  openReplies(receive: (message: StoredMessage) => void): string {
    const address = this.freshName('amq.rabbitmq.reply-to.');
    this.replies.set(address, receive);
    return address;
  }

  /** Closes a way for answers. */
  closeReplies(address: string): void {
    this.replies.delete(address);
  }

  /** Routes a published message, or refuses it. */
  publish(message: WireMessage, user: string): PublishResult {
    const { userId } = message.properties;
    if (userId !== undefined && userId !== user)
      throw new ChannelRefusal(406, `PRECONDITION_FAILED - user_id property set to '${userId}' but authenticated user was '${user}'`);
    if (message.exchange !== '' && !this.exchanges.has(message.exchange)) throw new ChannelRefusal(404, `NOT_FOUND - no exchange '${message.exchange}'`);
    return this.route(message);
  }

  private route(published: StoredMessage): PublishResult {
    const { message, keys } = unpacked(published);
    const reply = message.exchange === '' ? this.replies.get(message.routingKey) : undefined;
    if (reply) {
      reply(message);
      return 'queued';
    }
    const targets = message.exchange === '' ? keys : [...new Set(keys.flatMap((key) => this.targets(message.exchange, key)))];
    const found = targets.flatMap((name) => this.queues.get(name) ?? []);
    if (found.length === 0) return 'unroutable';
    const accepted = found.map((queue) => queue.append(message));
    return accepted.every(Boolean) ? 'queued' : 'refused';
  }

  private targets(exchange: string, routingKey: string): readonly string[] {
    const type = this.exchanges.get(exchange)?.type;
    const fed = this.bindings.filter((binding) => binding.exchange === exchange && (type === 'fanout' || matches(type, binding.routingKey, routingKey)));
    return [...new Set(fed.map(({ queue }) => queue))];
  }
}

/** The message as it is delivered, and all the keys it is routed by. */
function unpacked(message: StoredMessage): { readonly message: StoredMessage; readonly keys: readonly string[] } {
  const { properties, routingKey } = message;
  if (!Array.isArray(properties.headers?.[furtherKeysHeader])) return { message, keys: [routingKey] };
  const { [furtherKeysHeader]: further, ...headers } = properties.headers;
  return { message: { ...message, properties: { ...properties, headers } }, keys: [routingKey, ...(further as readonly string[])] };
}

function matches(type: ExchangeDeclaration['type'] | undefined, pattern: string, key: string): boolean {
  if (type !== 'topic') return pattern === key;
  return wordsMatch(pattern.split('.'), key.split('.'));
}

/** Topic patterns: `*` stands for one word, `#` for any number. */
function wordsMatch(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === '#') return wordsMatch(rest, words) || (words.length > 0 && wordsMatch(pattern, words.slice(1)));
  return words.length > 0 && (first === '*' || first === words[0]) && wordsMatch(rest, words.slice(1));
}

function sorted(values: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
