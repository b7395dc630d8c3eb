import { deliveryLimit } from '@kkm/contracts';
import type { ExchangeDeclaration, QueueDeclaration } from '@kkm/contracts';
import type { Broker, Delivery, Disposition } from '../broker';
import { machineClock } from '../surroundings';
import type { Clock, Surroundings } from '../surroundings';

/** A broker under test, real or in memory, and what only its server's side can do. */
export interface BrokerHarness {
  /** The user whose connections {@link connect} opens. */
  readonly user: string;
  /** Opens a further connection of the given name to the same server. */
  connect(name: string, around?: Partial<Surroundings>): Promise<Broker>;
  /** Breaks the connection of that name without a farewell; the client may come back at once. */
  cut(name: string): void;
  /** Breaks it and refuses new ones until {@link restore}. */
  isolate(name: string): void;
  /** Ends {@link isolate}. */
  restore(name: string): void;
  /** Deletes a queue under its consumers. */
  deleteQueue(queue: string): Promise<void>;
  /** Publishes bytes that no KKM client would send. */
  publishRaw(exchange: string, routingKey: string, content: Buffer): Promise<void>;
  /** Closes all connections and the server. */
  dispose(): Promise<void>;
}

/** A clock on which pauses and time-outs pass `factor` times faster, so that a test of twenty retries takes milliseconds. */
export function fastClock(factor: number): Clock {
  return { nowMs: machineClock.nowMs, after: (ms, then) => machineClock.after(ms / factor, then) };
}

/** The exchanges that the conformance suite publishes to. */
export const testExchanges: readonly ExchangeDeclaration[] = [
  { name: 'test.direct', type: 'direct', durable: true },
  { name: 'test.topic', type: 'topic', durable: false },
  { name: 'kkm.rpc', type: 'direct', durable: true },
  { name: 'kkm.parked', type: 'fanout', durable: true },
];

/** Declares a quorum queue bound to `test.direct` by its own name, with a parking place. */
export function testQueue(name: string, extra: Readonly<Record<string, string | number | boolean>> = {}): QueueDeclaration {
  const lasting = {
    'x-queue-type': 'quorum',
    'x-delivery-limit': deliveryLimit,
    'x-dead-letter-exchange': 'kkm.parked',
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
  return { name, durable: true, arguments: { ...lasting, ...extra }, bindings: [{ exchange: 'test.direct', routingKey: name }] };
}

/** A quorum queue with single active consumer, like a terminal's. */
export function singleActiveQueue(name: string): QueueDeclaration {
  return testQueue(name, { 'x-single-active-consumer': true });
}

/** A queue that collects what is parked. */
export const parkedQueue: QueueDeclaration = {
  name: 'parked',
  durable: true,
  arguments: { 'x-queue-type': 'quorum' },
  bindings: [{ exchange: 'kkm.parked', routingKey: '' }],
};

/** Publishes `body` to a queue of {@link testQueue}. */
export function send(broker: Broker, queue: string, messageId: string, body: unknown = { messageId }): Promise<void> {
  return broker.publish({ exchange: 'test.direct', routingKey: queue, body, messageId });
}

/** What a {@link collector} got. */
export interface Collector {
  readonly seen: Delivery[];
  ids(): (string | null)[];
  handle(delivery: Delivery): Promise<Disposition>;
}

/** Collects deliveries and answers each by `answer`. */
export function collector(answer: (delivery: Delivery) => Promise<Disposition> | Disposition = () => 'done'): Collector {
  const seen: Delivery[] = [];
  return {
    seen,
    ids: () => seen.map(({ messageId }) => messageId),
    handle: async (delivery) => {
      seen.push(delivery);
      return answer(delivery);
    },
  };
}

/** A promise that is resolved from outside. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** Resolves when the broker was lost and is connected again; ask before the link is broken. */
export function reconnection(broker: Broker): Promise<void> {
  return new Promise((resolve) => {
    const stop = broker.onState((state) => {
      if (state !== 'connected') return;
      stop();
      resolve();
    });
  });
}
