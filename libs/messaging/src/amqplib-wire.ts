import { connect } from 'amqplib';
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage, Message, Options } from 'amqplib';
import type { ChannelEvents, ConsumeRequest, Wire, WireChannel, WireDelivery, WireMessage } from './wire';

/** A connection try is given up after this long. */
const connectTimeoutMs = 10_000;

/** Two missed heartbeats, 20 s, end a connection whose link died without a word. */
const heartbeatSeconds = 10;

/** Opens a connection by amqplib. `name` is shown in RabbitMQ's management page. */
export async function dialAmqplib(url: string, name: string): Promise<Wire> {
  // Without noDelay an acknowledgement followed by a publish waits some 40 ms for the peer's delayed ACK.
  const model = await connect(withHeartbeat(url), { noDelay: true, keepAlive: true, timeout: connectTimeoutMs, clientProperties: { connection_name: name } });
  return wireOf(model);
}

/** The user a URL logs in with; RabbitMQ compares `user-id` with it. */
export function userOf(url: string): string {
  const { username } = new URL(url);
  return username === '' ? 'guest' : decodeURIComponent(username);
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(heartbeatSeconds));
  return parsed.toString();
}

function wireOf(model: ChannelModel): Wire {
  let reason: string | null = null;
  const channels = new Set<Channel>();
  // An 'error' event without a listener would be thrown into amqplib's frame loop; 'close' always follows it.
  model.on('error', (error) => {
    reason = error.message;
  });
  return {
    openChannel: async ({ confirming }, events) => {
      const channel = confirming ? await model.createConfirmChannel() : await model.createChannel();
      channels.add(channel);
      channel.once('close', () => channels.delete(channel));
      return channelOf(channel, events);
    },
    onClosed: (listener) => {
      model.once('close', (error?: Error) => listener(error?.message ?? reason));
    },
    close: async () => {
      // amqplib sends the channels' frames in turn with the connection's own: a farewell at once would overtake acknowledgements.
      await Promise.allSettled([...channels].map((channel) => channel.close()));
      await model.close();
    },
  };
}

function channelOf(channel: Channel, events: ChannelEvents): WireChannel {
  let reason: string | null = null;
  let prefetch = -1;
  channel.on('error', (error) => {
    reason = error.message;
  });
  channel.once('close', () => events.closed(reason));
  channel.on('return', (message: Message) => {
    const { correlationId } = message.properties as { correlationId?: string };
    events.returned?.({ correlationId: correlationId ?? null, reason: (message.fields as { replyText?: string }).replyText ?? 'returned' });
  });
  return {
    declareExchange: async ({ name, type, durable }) => {
      await channel.assertExchange(name, type, { durable });
    },
    declareQueue: async (queue) => {
      const steps: Promise<unknown>[] = [channel.assertQueue(queue.name, { durable: queue.durable, arguments: queue.arguments })];
      for (const { exchange, routingKey } of queue.bindings) steps.push(channel.bindQueue(queue.name, exchange, routingKey));
      await Promise.all(steps);
    },
    declareLiveQueue: async (lengthMax) => {
      const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false, maxLength: lengthMax });
      return queue;
    },
    bind: async (queue, exchange, routingKey) => {
      await channel.bindQueue(queue, exchange, routingKey);
    },
    unbind: async (queue, exchange, routingKey) => {
      await channel.unbindQueue(queue, exchange, routingKey);
    },
    checkQueue: async (queue) => {
      await channel.checkQueue(queue);
    },
    consume: async (request) => {
      // Both requests leave in one go: a prefetch counts for the consumers that are added after it, and no other may come between.
      const limited = request.noAck || request.prefetch === prefetch ? null : channel.prefetch(request.prefetch, false);
      if (limited) prefetch = request.prefetch;
      const [{ consumerTag }] = await Promise.all([channel.consume(request.queue, (message) => deliver(message, request), { noAck: request.noAck }), limited]);
      return consumerTag;
    },
    cancel: async (consumerTag) => {
      await channel.cancel(consumerTag);
    },
    publish: (message, settled) => publishOn(channel, message, settled),
    ack: (deliveryTag) => channel.ack(tagged(deliveryTag)),
    giveBack: (deliveryTag) => channel.nack(tagged(deliveryTag), false, true),
    close: () => channel.close(),
  };
}

function publishOn(channel: Channel, message: WireMessage, settled?: (failure: Error | null) => void): void {
  const options = { ...message.properties, persistent: message.persistent, mandatory: message.mandatory } as Options.Publish;
  if (settled)
    (channel as ConfirmChannel).publish(message.exchange, message.routingKey, message.content, options, (failure: Error | null) => settled(failure ?? null));
  else channel.publish(message.exchange, message.routingKey, message.content, options);
}

function deliver(message: ConsumeMessage | null, request: ConsumeRequest): void {
  if (message === null) return request.cancelled();
  const { deliveryTag, redelivered, exchange, routingKey } = message.fields;
  const delivery: WireDelivery = { deliveryTag, redelivered, exchange, routingKey, content: message.content, properties: message.properties };
  return request.delivered(delivery);
}

/** All amqplib reads of a message that it acknowledges. */
function tagged(deliveryTag: number): Message {
  return { fields: { deliveryTag } } as Message;
}
