import type { ExchangeDeclaration, FormerBinding, QueueDeclaration } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import { runWithTrace, traceHeaders } from '@kkm/observability';
import { dialAmqplib, userOf } from './amqplib-wire';
import { attendWith } from './attend-delivery';
import { attendRawWith } from './attend-raw';
import type {
  Broker,
  BrokerState,
  CallHandler,
  ConsumeOptions,
  Delivery,
  Handler,
  HintMessage,
  ListenBinding,
  OutgoingMessage,
  RawHandler,
  RpcQueue,
  Subscription,
} from './broker';
import { Consumer } from './consumer';
import type { Work } from './consumer';
import { ConsumerChannels } from './consumer-channels';
import { LastingChannel } from './lasting-channel';
import { Link } from './link';
import { LiveListener } from './live-listener';
import { Parking } from './parking';
import { Publisher, publishWaitMs } from './publisher';
import { RpcClient } from './rpc-client';
import { answerWith } from './rpc-server';
import { surroundings } from './surroundings';
import type { Surroundings, Tracing } from './surroundings';
import { TopologyKeeper, onOwnChannel } from './topology-keeper';
import type { Dial, Wire } from './wire';

/** Handlers that still run this long after `close()` are left behind; their messages are delivered again. */
export const drainMs = 30_000;

/** How a broker is reached and who says so. */
export interface ConnectOptions extends Partial<Surroundings> {
  /** `amqp://` or `amqps://` with credentials and vhost. */
  readonly url: string;
  /** Shown in RabbitMQ's management and sent as `app-id`. */
  readonly name: string;
  /** How long `close()` waits for running handlers; default {@link drainMs}. */
  readonly drainMs?: number;
}

/** The trace of the process, when it has one. */
const w3cTracing: Tracing = { headers: traceHeaders, continued: runWithTrace };

/** Connects; keeps trying until the broker answers, and again whenever the connection is lost. */
export async function connectBroker(options: ConnectOptions): Promise<Broker> {
  const { url, name, drainMs: within = drainMs, ...given } = options;
  const around = { tracing: w3cTracing, ...given };
  const broker = new LinkedBroker(() => dialAmqplib(url, name), { user: userOf(url), app: name, drainMs: within }, surroundings(around));
  await broker.open();
  return broker;
}

/** The broker over any wire: amqplib's, or the in-memory one of the tests. */
export class LinkedBroker implements Broker {
  private readonly link: Link;
  private readonly topology: TopologyKeeper;
  private readonly publisher: Publisher;
  private readonly answers: LastingChannel;
  private readonly rpc: RpcClient;
  private readonly parking: Parking;
  private readonly channels: ConsumerChannels;
  private readonly subscriptions = new Set<Subscription>();
  private readonly repairing = new Set<string>();
  private closing: Promise<void> | null = null;

  constructor(
    dial: Dial,
    private readonly identity: { readonly user: string; readonly app: string; readonly drainMs: number },
    private readonly around: Surroundings,
  ) {
    this.link = new Link(dial, (wire) => this.prepare(wire), around);
    this.topology = new TopologyKeeper(around.log);
    this.publisher = new Publisher(this.link, identity, around, (exchange, routingKey) => this.repair(exchange, routingKey));
    this.answers = new LastingChannel(this.link, around, { confirming: false, purpose: 'answers' });
    this.rpc = new RpcClient(this.link, this.publisher, around);
    this.parking = new Parking(this.publisher);
    this.channels = new ConsumerChannels(around);
  }

  /** Resolves when first connected. */
  open(): Promise<void> {
    return this.link.open();
  }

  get state(): BrokerState {
    return this.link.state;
  }

  onState(listener: (state: BrokerState) => void): () => void {
    return this.link.onState(listener);
  }

  async declare(exchanges: readonly ExchangeDeclaration[], queues: readonly QueueDeclaration[]): Promise<void> {
    await this.topology.declare(await this.wire(), exchanges, queues);
  }

  forget(queue: string): void {
    this.topology.forget(queue);
  }

  async unbind({ queue, exchange, routingKey }: FormerBinding): Promise<void> {
    await onOwnChannel(await this.wire(), (channel) => channel.unbind(queue, exchange, routingKey));
  }

  async expect(queue: string): Promise<boolean> {
    try {
      await onOwnChannel(await this.wire(), (channel) => channel.checkQueue(queue));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw new Unavailable('broker.unavailable', { detail: `cannot ask for ${queue}`, cause: error });
    }
  }

  publish(message: OutgoingMessage): Promise<void> {
    return this.publisher.publish(message);
  }

  hint(message: HintMessage): void {
    this.publisher.hint(message);
  }

  consume(queue: string, options: ConsumeOptions, handle: Handler): Promise<Subscription> {
    return this.subscribe(queue, options, attendWith(handle, queue, { parking: this.parking, around: this.around }));
  }

  consumeRaw(queue: string, options: ConsumeOptions, take: RawHandler): Promise<Subscription> {
    return this.subscribe(queue, options, attendRawWith(take, queue, this.around));
  }

  serve(queue: RpcQueue, options: ConsumeOptions, handle: CallHandler): Promise<Subscription> {
    return this.subscribe(queue, options, answerWith(handle, queue, { answers: this.answers, publisher: this.publisher, around: this.around }));
  }

  async listen(bindings: readonly ListenBinding[], handle: (delivery: Delivery) => void): Promise<Subscription> {
    const listener = new LiveListener({ link: this.link, around: this.around }, bindings, handle);
    await listener.begin();
    return this.keep(listener);
  }

  async call<A>(service: RpcQueue, method: string, request: unknown, options: { readonly timeoutMs: number }): Promise<A> {
    // The answer's type is the contract between two services of one release; the caller names it.
    return (await this.rpc.call({ service, method, request, timeoutMs: options.timeoutMs })) as A;
  }

  close(): Promise<void> {
    this.closing ??= this.closeDown();
    return this.closing;
  }

  private async prepare(wire: Wire): Promise<void> {
    await this.topology.declareAll(wire);
    await Promise.all([this.publisher.prepare(wire), this.answers.prepare(wire), this.rpc.prepare(wire)]);
  }

  private async subscribe(queue: string, options: ConsumeOptions, work: Work): Promise<Subscription> {
    const { link, topology, channels, around } = this;
    const consumer = new Consumer({ link, topology, channels, around }, { queue, prefetch: options.prefetch }, work);
    const kept = this.keep(consumer);
    await consumer.start();
    return kept;
  }

  private keep(subscription: Subscription): Subscription {
    const kept: Subscription = {
      cancel: async (options) => {
        await subscription.cancel(options);
        this.subscriptions.delete(kept);
      },
    };
    this.subscriptions.add(kept);
    return kept;
  }

  private async closeDown(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.cancel({ withinMs: this.identity.drainMs })));
    await this.publisher.flush(publishWaitMs);
    await this.link.close(publishWaitMs);
    this.rpc.failAll('the broker connection is closed');
  }

  private async wire(): Promise<Wire> {
    await this.link.connected(publishWaitMs);
    const { wire } = this.link;
    if (!wire) throw new Unavailable('broker.unavailable', { detail: 'there is no connection' });
    return wire;
  }

  /** A returned message says that a queue may be gone. Declares it again, once per exchange and key however many messages came back. */
  private repair(exchange: string, routingKey: string): void {
    const key = `${exchange} ${routingKey}`;
    if (this.repairing.has(key)) return;
    this.repairing.add(key);
    this.around.clock.after(repairAfterMs, () => {
      this.repairing.delete(key);
      const { wire } = this.link;
      if (!wire) return; // The next connection declares everything.
      this.topology.repair(wire, exchange, routingKey).catch((error: unknown) => {
        this.around.log.warn({ err: error, exchange, routingKey }, 'A queue that is gone cannot be declared again.');
      });
    });
  }
}

/**
 * Not at once: a quorum queue that is declared again within some 30 ms of its deletion keeps the old consumer as a ghost that swallows messages, and nobody
 * is told (seen on RabbitMQ 3.10.8).
 */
const repairAfterMs = 500;

/** RabbitMQ's reply code for something that does not exist. */
const notFound = 404;

function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === notFound;
}
