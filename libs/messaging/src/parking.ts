import { exchanges } from '@kkm/contracts';
import type { Publisher } from './publisher';
import type { WireDelivery } from './wire';

/** Moves messages that can never succeed to `kkm.parked`, with all that is needed to look at them and send them again. */
export class Parking {
  constructor(private readonly publisher: Publisher) {}

  /** Resolves when the broker confirmed the parked copy; only then may the original be acknowledged. */
  async park(wire: WireDelivery, queue: string, reason: string): Promise<void> {
    const { messageId, type, contentType, headers, userId } = wire.properties;
    const origin = {
      'x-park-reason': reason,
      'x-original-exchange': wire.exchange,
      'x-original-routing-key': wire.routingKey,
      'x-original-queue': queue,
      'x-original-user-id': userId ?? '',
    };
    const properties = { ...this.publisher.stamp({ ...headers, ...origin }), messageId, type, contentType };
    await this.publisher.send({ exchange: exchanges.parked, routingKey: wire.routingKey, content: wire.content, properties });
  }
}
