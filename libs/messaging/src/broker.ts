import type { ExchangeDeclaration, FormerBinding, QueueDeclaration } from '@kkm/contracts';

/**
 * What a handler says about a delivery. There is no default and no bare requeue.
 * - `done`: the effect is durable; the message is acknowledged.
 * - `retry`: a dependency is down; the delivery is held and handed to the handler again after a pause (design-money, clause 11).
 * - `park`: it can never succeed; it is moved to `kkm.parked` with this reason.
 */
export type Disposition = 'done' | 'retry' | { readonly park: string };

/** A message as a handler sees it. */
export interface Delivery {
  /** The parsed JSON body; check it with a schema before use. */
  readonly body: unknown;
  readonly messageId: string | null;
  readonly type: string | null;
  readonly routingKey: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The publisher's user, verified by the broker; null when the publisher did not state it. */
  readonly userId: string | null;
  /** The broker handed it out before; it may have been handled. */
  readonly redelivered: boolean;
}

/** A message as its bytes came. Nothing of it was looked at. */
export interface RawDelivery {
  readonly content: Buffer;
  readonly exchange: string;
  readonly routingKey: string;
  readonly messageId: string | null;
  readonly type: string | null;
  readonly contentType: string | null;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The publisher's user, verified by the broker; null when the publisher did not state it. */
  readonly userId: string | null;
}

/** A message that must not be lost. `messageId` is the same on every repeat. */
export interface OutgoingMessage {
  readonly exchange: string;
  readonly routingKey: string;
  /** Keys that it is routed by, too. A queue gets it once, by however many; whoever gets it sees {@link routingKey}. */
  readonly furtherKeys?: readonly string[];
  readonly body: unknown;
  readonly messageId: string;
  readonly type?: string;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** False only for events, which may have no subscriber: a message that no queue takes is then confirmed and gone. Default true. */
  readonly mandatory?: boolean;
}

/** A message nobody misses when it is lost. */
export interface HintMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: unknown;
  /** The broker drops it when nobody took it in so many milliseconds; otherwise the queue's own limit holds. */
  readonly expiresMs?: number;
}

/** What one exchange hands to a listener. */
export interface ListenBinding {
  readonly exchange: string;
  readonly routingKey: string;
}

/** Queues that answer calls. */
export type RpcQueue = 'ledger.rpc' | 'gateway.rpc';

/** A running consumer. */
export interface Subscription {
  /**
   * Ends the consumption; resolves when no handler runs and the broker sends nothing more. A queue read one at a time (prefetch 1) is drained,
   * acknowledged, then cancelled, so that a single active consumer never hands over while its handler runs (design-money, clause 23).
   * A delivery in its pause is given back to the queue. Waits without limit for a running handler unless `withinMs` says otherwise.
   */
  cancel(options?: { readonly withinMs?: number }): Promise<void>;
}

/** `connecting`: nothing can be published or received until the broker answers again. */
export type BrokerState = 'connected' | 'connecting' | 'closed';

/** Handles one delivery. */
export type Handler = (delivery: Delivery) => Promise<Disposition>;

/** Takes one message as its bytes came. Acknowledged when it resolves; when it throws, the delivery is held and handed to it again. */
export type RawHandler = (delivery: RawDelivery) => Promise<void>;

/** Answers one call; a thrown `KnownError` travels to the caller. */
export type CallHandler = (method: string, request: unknown, delivery: Delivery) => Promise<unknown>;

/** How many deliveries of one consumer may be unacknowledged, which is also how many handlers of it run at a time. */
export interface ConsumeOptions {
  readonly prefetch: number;
}

/** The one way to RabbitMQ. Connections, channels and acknowledgements stay behind it. */
export interface Broker {
  /** Declares and remembers: everything is declared again after a reconnect and when a queue turns out to be gone. */
  declare(exchanges: readonly ExchangeDeclaration[], queues: readonly QueueDeclaration[]): Promise<void>;
  /** Forgets a queue of {@link declare}; it stays on the broker but is not declared again. */
  forget(queue: string): void;
  /** Ends a binding. One that is not there is no fault. */
  unbind(binding: FormerBinding): Promise<void>;
  /** Whether the queue exists; needs no configure right. */
  expect(queue: string): Promise<boolean>;
  /**
   * Persistent, mandatory, confirmed. Throws `Unavailable('broker.unavailable')` when the broker does not confirm in time, returned the message as
   * unroutable or cannot be reached; it may have been taken all the same, so repeat it with the same `messageId`. `Rejected('request.too_large')` above 1 MiB.
   */
  publish(message: OutgoingMessage): Promise<void>;
  /** Transient, fire and forget. Dropped silently while the broker cannot be reached. */
  hint(message: HintMessage): void;
  /** Consumes until cancelled, across reconnects. Never runs more than `prefetch` handlers at a time, even when a redelivery overtakes the handler of its predecessor. */
  consume(queue: string, options: ConsumeOptions, handle: Handler): Promise<Subscription>;
  /** Like {@link consume}, but whatever the body is, and nothing is ever parked: for the parking place itself, where an unreadable body would go round for ever. */
  consumeRaw(queue: string, options: ConsumeOptions, take: RawHandler): Promise<Subscription>;
  /** A live stream through a queue of this process alone; nothing is acknowledged, what is sent during a reconnect is missed. */
  listen(bindings: readonly ListenBinding[], handle: (delivery: Delivery) => void): Promise<Subscription>;
  /**
   * Calls a method of a service. Rebuilds the `KnownError` the service threw; throws `Unavailable` when no answer came within `timeoutMs`
   * (the method may have run), and {@link RemoteFault} when the service failed inside.
   */
  call<A>(service: RpcQueue, method: string, request: unknown, options: { readonly timeoutMs: number }): Promise<A>;
  /** Answers calls. An answer whose caller is gone is dropped. */
  serve(queue: RpcQueue, options: ConsumeOptions, handle: CallHandler): Promise<Subscription>;
  readonly state: BrokerState;
  /** Tells every change of {@link state}; the returned function ends it. */
  onState(listener: (state: BrokerState) => void): () => void;
  /** Drains: stops consuming, waits (bounded) for running handlers and outstanding confirms, closes the connection. */
  close(): Promise<void>;
}

/** The called service failed inside: a bug there, logged there. Nothing is known about what it did. */
export class RemoteFault extends Error {
  override readonly name = 'RemoteFault';
}
