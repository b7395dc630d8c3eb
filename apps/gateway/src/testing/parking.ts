import { exchanges } from '@kkm/contracts';
import type { PaymentCommand } from '@kkm/core';
import type { Broker } from '@kkm/messaging';

/** Where a parked message says it came from; the sender is KKM's own user unless said. */
export interface ParkedFrom {
  readonly exchange: string;
  readonly routingKey: string;
  readonly queue: string;
  readonly sender?: string;
}

/** Parks a message as a service of KKM or a worker does: with the broker's user of the connection, and headers that tell the rest. */
export function park(by: Broker, from: ParkedFrom, what: { readonly id: string; readonly body: unknown }): Promise<void> {
  return by.publish({
    exchange: exchanges.parked,
    routingKey: from.routingKey,
    messageId: what.id,
    body: what.body,
    type: 'odd',
    headers: {
      'x-park-reason': 'unknown-attempt',
      'x-original-exchange': from.exchange,
      'x-original-routing-key': from.routingKey,
      'x-original-queue': from.queue,
      'x-original-user-id': from.sender ?? 'kkm',
    },
  });
}

/** A command of the terminal pax-1 of a site. */
export function someCommand(siteId: string, attemptId: string): PaymentCommand {
  return {
    attemptId,
    paymentId: 'pay_1',
    siteId,
    terminalId: 'pax-1',
    operation: 'sale',
    method: 'card',
    amount: 100,
    currency: 'RUB',
    expiresAt: '2026-01-01T00:00:00.000Z',
    original: null,
  };
}
