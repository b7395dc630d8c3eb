import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import { pauseMs, retryBackoff } from './backoff';
import type { Delivery, Disposition, Handler } from './broker';
import type { Hold, Settlement, Work } from './consumer';
import type { Parking } from './parking';
import { sentAtHeader } from './publisher';
import { readDelivery } from './read-delivery';
import type { Surroundings } from './surroundings';
import type { WireDelivery } from './wire';

/** A handler that throws something unknown gets the delivery so often before it is parked: a bug seldom goes away by itself, a race may. */
export const faultTriesMax = 3;

/**
 * A delivery is held at most this long, then given back and delivered again: RabbitMQ closes the channel of one that is unacknowledged for 30 minutes, and with it
 * the neighbours' (consumer_timeout). This is the only return that no crash or hand-over causes: one of twenty in 20 minutes.
 */
export const holdMsMax = 20 * 60_000;

/** Turns a handler into the work on deliveries: reads the body, hands it out, and does what the disposition says. */
export function attendWith(handle: Handler, queue: string, parts: { readonly parking: Parking; readonly around: Surroundings }): Work {
  const { around } = parts;
  return async (wire, hold) => {
    const read = readDelivery(wire);
    if (!read.ok) return park(wire, read.reason, hold);
    noteWait(wire, queue, around);
    const heldSinceMs = around.clock.nowMs();
    let faults = 0;
    for (let tries = 1; ; tries += 1) {
      const disposition = await tried(read.delivery, tries);
      if (disposition === 'done') return 'ack';
      if (disposition === 'fault') {
        faults += 1;
        if (faults >= faultTriesMax) return park(wire, 'handler.fault', hold);
      } else if (disposition !== 'retry') {
        return park(wire, disposition.park, hold);
      }
      around.metrics.retried(queue);
      if (around.clock.nowMs() - heldSinceMs >= holdMsMax) return 'give-back';
      if (!(await hold.pause(pauseMs(retryBackoff, tries, around.random())))) return 'give-back';
    }
  };

  async function tried(delivery: Delivery, tries: number): Promise<Disposition | 'fault'> {
    const startedMs = around.clock.nowMs();
    try {
      return await around.tracing.continued(delivery.headers, `handle ${queue}`, () => handle(delivery));
    } catch (error) {
      return afterThrow(error, { queue, messageId: delivery.messageId, tries }, around);
    } finally {
      around.metrics.handled(queue, around.clock.nowMs() - startedMs);
    }
  }

  async function park(wire: WireDelivery, reason: string, hold: Hold): Promise<Settlement> {
    for (let tries = 1; ; tries += 1) {
      try {
        await parts.parking.park(wire, queue, reason);
        around.metrics.parked(queue, reason);
        around.log.error({ queue, reason, messageId: wire.properties.messageId, routingKey: wire.routingKey }, 'A message was parked.');
        return 'ack';
      } catch (error) {
        around.log.error({ err: error, queue, reason }, 'A message cannot be parked yet; holding it.');
        if (!(await hold.pause(pauseMs(retryBackoff, tries, around.random())))) return 'give-back';
      }
    }
  }
}

/** What a thrown error says about the delivery (house style, chapter 4). */
function afterThrow(
  error: unknown,
  where: { readonly queue: string; readonly messageId: string | null; readonly tries: number },
  around: Surroundings,
): Disposition | 'fault' {
  if (error instanceof Unavailable) {
    // Said once: hundreds of held deliveries would drown the log.
    if (where.tries === 1) around.log.warn({ err: error, ...where }, 'A dependency is down; the delivery is held.');
    else around.log.debug({ err: error, ...where }, 'The dependency is still down.');
    return 'retry';
  }
  if (error instanceof Rejected) return { park: error.code };
  around.log.error({ err: error, ...where }, 'A handler failed.');
  // Money may have moved: whoever threw it must not be asked again.
  if (error instanceof Indeterminate) return { park: error.code };
  return 'fault';
}

function noteWait(wire: WireDelivery, queue: string, around: Surroundings): void {
  const sentAt = wire.properties.headers?.[sentAtHeader];
  if (typeof sentAt === 'number') around.metrics.waited(queue, Math.max(0, around.clock.nowMs() - sentAt));
}
