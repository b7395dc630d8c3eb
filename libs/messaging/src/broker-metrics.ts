import type { Metrics } from '@kkm/observability';
import type { BrokerMetrics } from './surroundings';

/** Counts what the broker adapter tells in a service's metrics. All terminals share one label: a histogram per terminal would be thousands of series. */
export function brokerMetrics(metrics: Metrics): BrokerMetrics {
  const calls = metrics.histogram({ name: 'kkm_rpc_seconds', help: 'Time of a call to another service.', labels: ['queue', 'method', 'ok'] });
  const confirms = metrics.histogram({ name: 'kkm_publish_confirm_seconds', help: 'Time until the broker confirmed a message.', labels: ['exchange'] });
  const waits = metrics.histogram({ name: 'kkm_message_wait_seconds', help: 'From a message’s publishing to its handler.', labels: ['queue'] });
  const handled = metrics.histogram({ name: 'kkm_handler_seconds', help: 'Time a handler took for a message.', labels: ['queue'] });
  const retries = metrics.counter({ name: 'kkm_handler_retries_total', help: 'Deliveries held for another try.', labels: ['queue'] });
  const parked = metrics.counter({ name: 'kkm_parked_total', help: 'Messages parked.', labels: ['queue', 'reason'] });
  const consumers = metrics.gauge({ name: 'kkm_consumers', help: 'Consumers subscribed now.' });
  const connected = metrics.gauge({ name: 'kkm_broker_up', help: '1 while the broker can be reached.' });
  return {
    called: ({ service, method, ok }, ms) => calls.observe({ queue: service, method, ok: String(ok) }, ms / 1000),
    confirmed: (exchange, ms) => confirms.observe({ exchange }, ms / 1000),
    waited: (queue, ms) => waits.observe({ queue: labelOf(queue) }, ms / 1000),
    handled: (queue, ms) => handled.observe({ queue: labelOf(queue) }, ms / 1000),
    retried: (queue) => retries.inc({ queue: labelOf(queue) }),
    parked: (queue, reason) => parked.inc({ queue: labelOf(queue), reason }),
    consumers: (count) => consumers.set(count),
    connected: (up) => connected.set(up ? 1 : 0),
  };
}

function labelOf(queue: string): string {
  return queue.startsWith('terminal.') ? 'terminal' : queue;
}
