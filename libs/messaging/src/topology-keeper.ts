import type { ExchangeDeclaration, QueueDeclaration } from '@kkm/contracts';
import type { Log } from './surroundings';
import type { Wire, WireChannel } from './wire';

const ignored = { closed: (): void => undefined };

/** Remembers what was declared and declares it again after a reconnect or when a queue is gone. */
export class TopologyKeeper {
  private readonly exchanges = new Map<string, ExchangeDeclaration>();
  private readonly queues = new Map<string, QueueDeclaration>();

  constructor(private readonly log: Log) {}

  /** Declares on `wire` and remembers only what the broker accepted. */
  async declare(wire: Wire, exchanges: readonly ExchangeDeclaration[], queues: readonly QueueDeclaration[]): Promise<void> {
    await declareOn(wire, exchanges, queues);
    this.remember(exchanges, queues);
  }

  /** Remembers without declaring; the next connection declares. */
  remember(exchanges: readonly ExchangeDeclaration[], queues: readonly QueueDeclaration[]): void {
    for (const exchange of exchanges) this.exchanges.set(exchange.name, exchange);
    for (const queue of queues) this.queues.set(queue.name, queue);
  }

  /** Forgets a queue. */
  forget(queue: string): void {
    this.queues.delete(queue);
  }

  /** Declares all that is remembered. A refusal is logged and does not stop the connection: what exists with other arguments still works. */
  async declareAll(wire: Wire): Promise<void> {
    if (this.exchanges.size + this.queues.size === 0) return;
    try {
      await declareOn(wire, [...this.exchanges.values()], [...this.queues.values()]);
    } catch (error) {
      this.log.error({ err: error }, 'The topology cannot be declared again.');
    }
  }

  /** Makes sure that a queue is there: declares it when it is remembered, else asks for it. Rejects when it is not there. */
  async ensure(wire: Wire, queue: string): Promise<void> {
    const remembered = this.queues.get(queue);
    await onOwnChannel(wire, (channel) => (remembered ? channel.declareQueue(remembered) : channel.checkQueue(queue)));
  }

  /** Declares the remembered queues that `exchange` feeds by `routingKey`: a returned message says that one of them may be gone. */
  async repair(wire: Wire, exchange: string, routingKey: string): Promise<void> {
    const fed = [...this.queues.values()].filter((queue) =>
      queue.bindings.some((binding) => binding.exchange === exchange && (binding.routingKey === routingKey || binding.routingKey === '#')),
    );
    if (fed.length > 0) await declareOn(wire, [], fed);
  }
}

/** Runs `work` on a channel of its own, because a refusal closes the channel it happens on. */
export async function onOwnChannel<T>(wire: Wire, work: (channel: WireChannel) => Promise<T>): Promise<T> {
  const channel = await wire.openChannel({ confirming: false }, ignored);
  const result = await work(channel);
  await channel.close();
  return result;
}

async function declareOn(wire: Wire, exchanges: readonly ExchangeDeclaration[], queues: readonly QueueDeclaration[]): Promise<void> {
  await onOwnChannel(wire, async (channel) => {
    // Sent in one go; the broker works through them in order.
    await Promise.all(exchanges.map((exchange) => channel.declareExchange(exchange)));
    await Promise.all(queues.map((queue) => channel.declareQueue(queue)));
  });
}
