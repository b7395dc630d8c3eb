import { idCommandMember, terminalQueue } from '@kkm/core';
import type { CompletionEvent } from '@kkm/core';

/** Names of the exchanges; the whole topology is the table below and the functions for terminal queues. */
export const exchanges = {
  ingress: 'kkm.ingress',
  commands: 'kkm.commands',
  control: 'kkm.control',
  results: 'kkm.results',
  rpc: 'kkm.rpc',
  progress: 'kkm.progress',
  events: 'kkm.events',
  parked: 'kkm.parked',
} as const;

/** Names of the fixed queues. */
export const queues = {
  gatewayIngress: 'gateway.ingress',
  gatewayRpc: 'gateway.rpc',
  gatewayChecks: 'gateway.checks',
  ledgerRpc: 'ledger.rpc',
  ledgerResults: 'ledger.results',
  parked: 'parked',
} as const;

/** What the broker accounts of sites begin with. */
export const siteUserPrefix = 'site-';

/** The broker account of a site's workers. What gateway and ledger are told of a site is believed of it, and of KKM's own services (design-money, clause 22). */
export function siteUser(siteId: string): string {
  return `${siteUserPrefix}${siteId}`;
}

/** An exchange as it is declared. All are durable but `progress`, which carries nothing that must last. */
export interface ExchangeDeclaration {
  readonly name: string;
  readonly type: 'topic' | 'direct' | 'fanout';
  readonly durable: boolean;
}

/** A queue as it is declared, with what it is bound to. */
export interface QueueDeclaration {
  readonly name: string;
  readonly durable: true;
  readonly arguments: Readonly<Record<string, string | number | boolean>>;
  readonly bindings: readonly { readonly exchange: string; readonly routingKey: string }[];
}

/** A binding that no table declares any more. */
export interface FormerBinding {
  readonly queue: string;
  readonly exchange: string;
  readonly routingKey: string;
}

/** How often a quorum queue hands a message out before it is dead-lettered. Only crashes count towards it (design-money, clause 11). */
export const deliveryLimit = 20;

/** Arguments of every queue that holds something that must not be lost: at-least-once dead letters need reject-publish (RabbitMQ, dead letter exchanges). */
const lasting = {
  'x-queue-type': 'quorum',
  'x-delivery-limit': deliveryLimit,
  'x-dead-letter-exchange': exchanges.parked,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
  'x-max-length': 100_000,
} as const;

/** Calls are answered in seconds or not at all; a call nobody fetched in 30 s is dropped with its caller's patience. */
const calls = { 'x-queue-type': 'classic', 'x-message-ttl': 30_000, 'x-max-length': 10_000 } as const;

/** Where events of checks go beside their own key: most payments are none, and a copy of theirs would cost a durable write that nobody reads. No site's id begins like it. */
const checksKey = '_checks';

/** Under which further keys an event is sent. Only what can concern a command of the KkmServer door that was answered: its bill was redone and paid. */
export function furtherKeys({ type, data }: CompletionEvent): readonly string[] {
  return type === 'kkm.payment.succeeded.v1' && 'metadata' in data && data.metadata[idCommandMember] !== undefined ? [checksKey] : [];
}

/** The exchanges of chapter 7. */
export const exchangeTable: readonly ExchangeDeclaration[] = [
  { name: exchanges.ingress, type: 'topic', durable: true },
  { name: exchanges.commands, type: 'direct', durable: true },
  { name: exchanges.control, type: 'direct', durable: true },
  { name: exchanges.results, type: 'direct', durable: true },
  { name: exchanges.rpc, type: 'direct', durable: true },
  { name: exchanges.progress, type: 'topic', durable: false },
  { name: exchanges.events, type: 'topic', durable: true },
  { name: exchanges.parked, type: 'fanout', durable: true },
];

/** The fixed queues of chapter 7. Queues of terminals are {@link terminalQueues}. */
export const queueTable: readonly QueueDeclaration[] = [
  { name: queues.gatewayIngress, durable: true, arguments: lasting, bindings: [{ exchange: exchanges.ingress, routingKey: '#' }] },
  { name: queues.gatewayChecks, durable: true, arguments: lasting, bindings: [{ exchange: exchanges.events, routingKey: checksKey }] },
  { name: queues.ledgerResults, durable: true, arguments: lasting, bindings: [{ exchange: exchanges.results, routingKey: queues.ledgerResults }] },
  { name: queues.ledgerRpc, durable: true, arguments: calls, bindings: [{ exchange: exchanges.rpc, routingKey: queues.ledgerRpc }] },
  { name: queues.gatewayRpc, durable: true, arguments: calls, bindings: [{ exchange: exchanges.rpc, routingKey: queues.gatewayRpc }] },
  {
    name: queues.parked,
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-max-length': 100_000, 'x-overflow': 'reject-publish' },
    bindings: [{ exchange: exchanges.parked, routingKey: '' }],
  },
];

/** What earlier versions bound and this one does not: on a broker that they declared, it lasts until it is unbound. */
export const formerBindings: readonly FormerBinding[] = [{ queue: queues.gatewayChecks, exchange: exchanges.events, routingKey: '#.payment.succeeded' }];

/** The two queues of one terminal, declared and bound by the gateway only; workers check passively (design-money, clause 22). */
export function terminalQueues(siteId: string, terminalId: string): readonly QueueDeclaration[] {
  const name = terminalQueue(siteId, terminalId);
  const key = `${siteId}.${terminalId}`;
  return [
    { name, durable: true, arguments: { ...lasting, 'x-single-active-consumer': true }, bindings: [{ exchange: exchanges.commands, routingKey: key }] },
    {
      name: `${name}.control`,
      durable: true,
      arguments: { 'x-queue-type': 'classic', 'x-message-ttl': 60_000, 'x-max-length': 100 },
      bindings: [{ exchange: exchanges.control, routingKey: key }],
    },
  ];
}
