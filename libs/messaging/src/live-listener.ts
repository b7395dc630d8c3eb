import type { Delivery, ListenBinding, Subscription } from './broker';
import { pauseMs, subscribeBackoff } from './backoff';
import type { Link } from './link';
import { readDelivery } from './read-delivery';
import type { Surroundings } from './surroundings';
import type { Wire, WireChannel } from './wire';

/** So many messages wait for a slow listener; the oldest are dropped beyond. */
const waitingMax = 10_000;

/** Listens through a queue of its own that dies with the connection and is made anew with the next one. */
export class LiveListener implements Subscription {
  private channel: WireChannel | null = null;
  private ended = false;
  private beginning: Promise<void> | null = null;
  private readonly stopWatching: () => void;

  constructor(
    private readonly parts: { readonly link: Link; readonly around: Surroundings },
    private readonly bindings: readonly ListenBinding[],
    private readonly handle: (delivery: Delivery) => void,
  ) {
    this.stopWatching = parts.link.onState((state) => {
      if (state === 'connected') void this.begin();
    });
  }

  /** Subscribes, again and again until it holds or the connection is down (then the next one calls it). */
  begin(): Promise<void> {
    this.beginning ??= this.beginUntilHeld().finally(() => {
      this.beginning = null;
    });
    return this.beginning;
  }

  private async beginUntilHeld(): Promise<void> {
    const { link, around } = this.parts;
    for (let attempt = 1; !this.ended && !this.channel; attempt += 1) {
      const wire = link.wire;
      if (!wire) return;
      try {
        await this.subscribe(wire);
      } catch (error) {
        if (link.wire !== wire) return;
        around.log.warn({ err: error, attempt }, 'A live stream cannot be opened; trying again.');
        await new Promise<void>((resolve) => around.clock.after(pauseMs(subscribeBackoff, attempt, around.random()), resolve));
      }
    }
  }

  /** Ends the stream. */
  async cancel(): Promise<void> {
    this.ended = true;
    this.stopWatching();
    const { channel } = this;
    this.channel = null;
    await channel?.close().catch(() => undefined); // A channel that is already gone is what was wanted.
  }

  private async subscribe(wire: Wire): Promise<void> {
    const channel: WireChannel = await wire.openChannel({ confirming: false }, { closed: () => this.lose() });
    const queue = await channel.declareLiveQueue(waitingMax);
    await Promise.all(this.bindings.map(({ exchange, routingKey }) => channel.bind(queue, exchange, routingKey)));
    await channel.consume({
      queue,
      prefetch: 0,
      noAck: true,
      delivered: (wireDelivery) => {
        const read = readDelivery(wireDelivery);
        if (read.ok) this.hand(read.delivery);
      },
      cancelled: () => {
        channel.close().catch(() => undefined);
      }, // Its closing begins anew.
    });
    this.channel = channel;
  }

  private hand(delivery: Delivery): void {
    try {
      this.handle(delivery);
    } catch (error) {
      this.parts.around.log.error({ err: error }, 'A live listener failed.');
    }
  }

  private lose(): void {
    this.channel = null;
    if (!this.ended) this.parts.around.clock.after(subscribeBackoff.firstMs, () => void this.begin());
  }
}
