import { eventNames } from '@kkm/core';
import { z } from 'zod';
import { jsonSchemaOf } from './http/components';
import type { JsonSchema } from './http/components';
import { completionEventSchema, progressSchema } from './http/events.contract';
import { attemptResult } from './ledger-messages';
import { cancelRequested, ingressEnvelope, ingressTypes, paymentRequested, redoRequested, refundRequested } from './messages';
import type { IngressType } from './messages';
import { exchanges, exchangeTable, queueTable, terminalQueues } from './topology';
import type { QueueDeclaration } from './topology';
import { controlHint, paymentCommand } from './worker-messages';

/** `data` of each message a caller may send. */
const ingressData: Readonly<Record<IngressType, z.ZodType>> = {
  'icafecloud.payment.requested.v1': paymentRequested,
  'icafecloud.redo.requested.v1': redoRequested,
  'icafecloud.cancel.requested.v1': cancelRequested,
  'icafecloud.refund.requested.v1': refundRequested,
};

/** Bodies between KKM's services, by exchange; calls and parked messages have many. */
const innerPayloads: Readonly<Record<string, z.ZodType>> = {
  [exchanges.commands]: paymentCommand,
  [exchanges.control]: controlHint,
  [exchanges.results]: attemptResult,
};

const cloudEvents = 'application/cloudevents+json';

/** One channel of the document with what passes through it. */
interface Channel {
  readonly id: string;
  readonly address: string;
  readonly exchange: string;
  readonly action: 'send' | 'receive';
  readonly description: string;
  readonly messages: Readonly<Record<string, JsonSchema>>;
  /** The queue behind it; null where each receiver brings its own. */
  readonly queue: QueueDeclaration | null;
  readonly lasting: boolean;
}

/** The AsyncAPI 3.0 document: what KKM takes and gives over RabbitMQ, made from the topology and the message schemas. Actions are KKM's. */
export function asyncApiDocument(version: string): JsonSchema {
  const channels = [...ingressChannels(), eventsChannel(), progressChannel(), ...innerChannels()];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'KKM messages',
      version,
      description:
        'Requests for payments, completion events and live progress. All that is lasting is persistent, confirmed, mandatory and acknowledged by hand.',
    },
    defaultContentType: 'application/json',
    servers: { broker: { host: 'localhost:5672', protocol: 'amqp', protocolVersion: '0.9.1', description: 'RabbitMQ 3.10 or later.' } },
    channels: Object.fromEntries(channels.map((channel) => [channel.id, channelOf(channel)])),
    operations: Object.fromEntries(channels.map((channel) => [`${channel.action}-${channel.id}`, operationOf(channel)])),
  };
}

function ingressChannels(): Channel[] {
  return Object.entries(ingressTypes).map(([type, ending]) => {
    const envelope = ingressEnvelope.extend({ type: z.literal(type), data: ingressData[type as IngressType] });
    return {
      id: `ingress-${ending.replace('.', '-')}`,
      address: `{siteId}.${ending}`,
      exchange: exchanges.ingress,
      action: 'receive',
      lasting: true,
      queue: queueOf(exchanges.ingress),
      description: `Publish ${type} here. Its id is the idempotency key. What can never succeed is answered by kkm.payment.rejected.v1.`,
      messages: { [type]: message(type, { contentType: cloudEvents, payload: jsonSchemaOf(envelope) }) },
    };
  });
}

function eventsChannel(): Channel {
  return {
    id: 'events',
    address: '{siteId}.payment.{what}',
    exchange: exchanges.events,
    action: 'send',
    lasting: true,
    queue: null,
    description: 'Bind a queue of your own. Per payment in order, at least once, the same id on every repeat.',
    messages: Object.fromEntries(
      eventNames.map((what) => [
        `kkm.payment.${what}.v1`,
        message(`kkm.payment.${what}.v1`, { contentType: cloudEvents, payload: jsonSchemaOf(completionEventSchema) }),
      ]),
    ),
  };
}

function progressChannel(): Channel {
  return {
    id: 'progress',
    address: '{siteId}.{paymentId}',
    exchange: exchanges.progress,
    action: 'send',
    lasting: false,
    queue: null,
    description: 'Live progress of attempts; transient, nothing is decided by it.',
    messages: { progress: message('progress', { contentType: 'application/json', payload: jsonSchemaOf(progressSchema) }) },
  };
}

/** Channels between KKM's own services: listed so that the running broker can be compared with the document, without a contract for outsiders. */
function innerChannels(): Channel[] {
  const [commands, control] = terminalQueues('siteId', 'terminalId').map(templated);
  const inner = ({ id, exchange, queue, lasting }: Pick<Channel, 'id' | 'exchange' | 'queue' | 'lasting'>): Channel => ({
    id,
    exchange,
    queue,
    lasting,
    action: 'receive',
    description: 'Between KKM’s services.',
    address: queue?.bindings[0]?.routingKey ?? '',
    messages: {
      [id]: message(id, { contentType: 'application/json', payload: innerPayloads[exchange] ? jsonSchemaOf(innerPayloads[exchange]) : { type: 'object' } }),
    },
  });
  return [
    inner({ id: 'commands', exchange: exchanges.commands, queue: commands ?? null, lasting: true }),
    inner({ id: 'control', exchange: exchanges.control, queue: control ?? null, lasting: false }),
    ...queueTable
      .filter(({ bindings }) => bindings[0]?.exchange !== exchanges.ingress)
      .map((queue) =>
        inner({ id: queue.name.replace('.', '-'), exchange: queue.bindings[0]?.exchange ?? '', queue, lasting: queue.arguments['x-queue-type'] === 'quorum' }),
      ),
  ];
}

function channelOf(channel: Channel): JsonSchema {
  const { address, description, messages, exchange, queue } = channel;
  const { type, durable } = exchangeTable.find(({ name }) => name === exchange) ?? { type: 'topic', durable: true };
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, { description: `The ${name}.` }] as const);
  return {
    address,
    description,
    messages,
    ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}),
    bindings: {
      amqp: {
        is: 'routingKey',
        bindingVersion: '0.3.0',
        exchange: { name: exchange, type, durable, autoDelete: false },
      },
    },
    ...(queue ? { 'x-queue': { name: queue.name, durable: queue.durable, arguments: queue.arguments } } : {}),
  };
}

function operationOf(channel: Channel): JsonSchema {
  const pointer = `#/channels/${channel.id}`;
  const amqp =
    channel.action === 'send'
      ? { deliveryMode: channel.lasting ? 2 : 1, mandatory: channel.lasting, bindingVersion: '0.3.0' }
      : { ack: channel.lasting, bindingVersion: '0.3.0' };
  return {
    action: channel.action,
    channel: { $ref: pointer },
    summary: channel.description,
    bindings: { amqp },
    messages: Object.keys(channel.messages).map((name) => ({ $ref: `${pointer}/messages/${name}` })),
  };
}

function message(name: string, content: { readonly contentType: string; readonly payload: JsonSchema }): JsonSchema {
  return { name, title: name, ...content };
}

function queueOf(exchange: string): QueueDeclaration | null {
  return queueTable.find(({ bindings }) => bindings[0]?.exchange === exchange) ?? null;
}

/** A terminal's queue with its ids as parameters of the address. */
function templated(queue: QueueDeclaration): QueueDeclaration {
  const fill = (text: string): string => text.replace('siteId.terminalId', '{siteId}.{terminalId}');
  return { ...queue, name: fill(queue.name), bindings: queue.bindings.map(({ exchange, routingKey }) => ({ exchange, routingKey: fill(routingKey) })) };
}
