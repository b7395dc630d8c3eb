import { exchanges } from '@kkm/contracts';
import type { CompletionEvent, Payment } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';

const queue = 'e2e.events';

/** Collects what KKM publishes on `kkm.events`, as iCafeCloud would: a durable queue of its own, each event acknowledged. */
export class EventLog {
  private readonly received: CompletionEvent[] = [];

  private constructor(private readonly broker: Broker) {}

  /** Subscribes to all events of the virtual host. */
  static async open(amqpUrl: string): Promise<EventLog> {
    const broker = await connectBroker({ url: amqpUrl, name: 'e2e events' });
    const log = new EventLog(broker);
    await broker.declare(
      [{ name: exchanges.events, type: 'topic', durable: true }],
      [{ name: queue, durable: true, arguments: { 'x-queue-type': 'quorum' }, bindings: [{ exchange: exchanges.events, routingKey: '#' }] }],
    );
    await broker.consume(queue, { prefetch: 100 }, (delivery) => {
      log.received.push(delivery.body as CompletionEvent);
      return Promise.resolve('done');
    });
    return log;
  }

  /** Publishes a request on the AMQP door, as iCafeCloud does: a CloudEvent in structured JSON. */
  async request(siteId: string, what: 'payment' | 'redo' | 'cancel' | 'refund', event: { readonly id: string; readonly data: unknown }): Promise<void> {
    await this.broker.publish({
      exchange: exchanges.ingress,
      routingKey: `${siteId}.${what}.requested`,
      messageId: event.id,
      contentType: 'application/cloudevents+json',
      body: {
        specversion: '1.0',
        id: event.id,
        source: '/icafecloud',
        type: `icafecloud.${what}.requested.v1`,
        datacontenttype: 'application/json',
        data: event.data,
      },
    });
  }

  /** Every event so far, in the order of arrival. */
  all(): readonly CompletionEvent[] {
    return this.received;
  }

  /** Event names of one payment, repeats of the same event left out, in the order of arrival. */
  namesOf(paymentId: string): string[] {
    const seen = new Set<string>();
    return this.received.filter(({ id, subject }) => subject === paymentId && !seen.has(id) && seen.add(id)).map(({ type }) => type.split('.')[2] ?? '');
  }

  /** The last state of a payment that an event told. */
  lastOf(paymentId: string): Payment | null {
    return (this.received.findLast(({ subject }) => subject === paymentId)?.data ?? null) as Payment | null;
  }

  /** Ends the subscription. */
  close(): Promise<void> {
    return this.broker.close();
  }
}
