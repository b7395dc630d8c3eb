import { Unavailable } from '@kkm/core';
import { holdMsMax } from './attend-delivery';
import { pauseMs, retryBackoff } from './backoff';
import type { RawDelivery, RawHandler } from './broker';
import type { Work } from './consumer';
import type { Surroundings } from './surroundings';
import type { WireDelivery } from './wire';

/** Turns a raw handler into the work on deliveries: acknowledged once taken, held as long as it throws. There is no place left to park to. */
export function attendRawWith(take: RawHandler, queue: string, around: Surroundings): Work {
  return async (wire, hold) => {
    const delivery = rawDelivery(wire);
    const heldSinceMs = around.clock.nowMs();
    for (let tries = 1; ; tries += 1) {
      if (await taken(delivery, tries)) return 'ack';
      around.metrics.retried(queue);
      if (around.clock.nowMs() - heldSinceMs >= holdMsMax) return 'give-back';
      if (!(await hold.pause(pauseMs(retryBackoff, tries, around.random())))) return 'give-back';
    }
  };

  async function taken(delivery: RawDelivery, tries: number): Promise<boolean> {
    const startedMs = around.clock.nowMs();
    try {
      await take(delivery);
      return true;
    } catch (error) {
      const fields = { err: error, queue, messageId: delivery.messageId, tries };
      // Said once: many held deliveries would drown the log.
      if (tries > 1) around.log.debug(fields, 'A message still cannot be taken.');
      else if (error instanceof Unavailable) around.log.warn(fields, 'A dependency is down; the delivery is held.');
      else around.log.error(fields, 'A message cannot be taken; the delivery is held.');
      return false;
    } finally {
      around.metrics.handled(queue, around.clock.nowMs() - startedMs);
    }
  }
}

function rawDelivery({ content, exchange, routingKey, properties }: WireDelivery): RawDelivery {
  const { messageId = null, type = null, contentType = null, headers = {}, userId = null } = properties;
  return { content, exchange, routingKey, messageId, type, contentType, headers, userId };
}
