import type { ExchangeDeclaration, QueueDeclaration } from '@kkm/contracts';

/** Message properties of AMQP 0-9-1 that KKM uses; what was not sent is undefined. */
export interface WireProperties {
  readonly messageId?: string | undefined;
  readonly type?: string | undefined;
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, unknown>> | undefined;
  readonly userId?: string | undefined;
  readonly appId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly replyTo?: string | undefined;
  /** Milliseconds in the queue, as a decimal string. */
  readonly expiration?: string | undefined;
  /** Seconds since the epoch. */
  readonly timestamp?: number | undefined;
}

/** A message as it is sent. */
export interface WireMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: WireProperties;
  readonly persistent: boolean;
  /** Comes back as {@link ChannelEvents.returned} when no queue takes it. */
  readonly mandatory: boolean;
}

/** A message as it arrives. `deliveryTag` counts within one channel. */
export interface WireDelivery {
  readonly deliveryTag: number;
  readonly redelivered: boolean;
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: WireProperties;
}

/** What happens to a channel on its own. */
export interface ChannelEvents {
  /** The channel is gone, with the reason when the broker gave one. Told once; nothing sent on it afterwards has an effect. */
  closed(reason: string | null): void;
  /** A mandatory message found no queue. Told before its confirm. */
  returned?(message: { readonly correlationId: string | null; readonly reason: string }): void;
}

/** How a consumer is set up. */
export interface ConsumeRequest {
  readonly queue: string;
  readonly prefetch: number;
  readonly noAck: boolean;
  delivered(delivery: WireDelivery): void;
  /** The broker ended the consumption, for example because the queue was deleted. */
  cancelled(): void;
}

/** One channel. Every method throws or rejects once the channel is closed; a refused declaration closes it. */
export interface WireChannel {
  declareExchange(exchange: ExchangeDeclaration): Promise<void>;
  /** Declares the queue and its bindings. */
  declareQueue(queue: QueueDeclaration): Promise<void>;
  /** Declares a queue of this connection alone, named by the broker; resolves with the name. */
  declareLiveQueue(lengthMax: number): Promise<string>;
  bind(queue: string, exchange: string, routingKey: string): Promise<void>;
  unbind(queue: string, exchange: string, routingKey: string): Promise<void>;
  /** Rejects, and closes the channel, when the queue does not exist. */
  checkQueue(queue: string): Promise<void>;
  /** Resolves with the consumer's tag. Deliveries may come before that. */
  consume(request: ConsumeRequest): Promise<string>;
  cancel(consumerTag: string): Promise<void>;
  /** On a confirming channel `settled` is told once: null when the broker took responsibility, an error when it refused or the channel closed before. */
  publish(message: WireMessage, settled?: (failure: Error | null) => void): void;
  ack(deliveryTag: number): void;
  /** Gives the delivery back to its queue. */
  giveBack(deliveryTag: number): void;
  close(): Promise<void>;
}

/** One connection to a broker: amqplib's, or the one of the in-memory broker. */
export interface Wire {
  openChannel(options: { readonly confirming: boolean }, events: ChannelEvents): Promise<WireChannel>;
  /** Told once when the connection is gone for any reason. Its channels are told first. */
  onClosed(listener: (reason: string | null) => void): void;
  close(): Promise<void>;
}

/** Opens a connection or rejects. */
export type Dial = () => Promise<Wire>;
