import type { Surroundings } from './surroundings';
import type { Wire, WireChannel, WireDelivery } from './wire';

/**
 * So many consumers share a channel. A prefetch counts per consumer, so sharing changes nothing for them; a channel of its own for each costs memory on
 * both sides and RabbitMQ allows 2047 in one connection. One channel for all would make every consumer begin anew when the broker closes it.
 */
export const consumersPerChannel = 64;

/** What a consumer wants to be told on its seat. */
export interface SeatEvents {
  delivered(delivery: WireDelivery, seat: Seat): void;
  /** Nothing is delivered here any more: channel or connection closed, or the broker cancelled the consumer. Told once, and not after {@link Seat.leave}. */
  lost(reason: string): void;
}

/** Where a consumer sits: a consumer tag on a shared channel. Once the channel closed, whatever is settled here is ignored: the broker hands those messages out again. */
export class Seat {
  private tag: string | null = null;
  private left = false;

  constructor(
    private readonly shared: SharedChannel,
    private readonly events: SeatEvents,
  ) {}

  /** Whether an acknowledgement on this seat still reaches the broker's record of the delivery. */
  get live(): boolean {
    return !this.shared.closed;
  }

  /** Whether nothing is delivered here any more. */
  get isLeft(): boolean {
    return this.left;
  }

  /** Subscribes; deliveries may come before it resolves. */
  async take(channel: WireChannel, options: { readonly queue: string; readonly prefetch: number }): Promise<void> {
    this.tag = await channel.consume({
      ...options,
      noAck: false,
      delivered: (delivery) => this.events.delivered(delivery, this),
      cancelled: () => this.lose('cancelled by the broker'),
    });
    if (this.shared.closed || this.left) throw new Error('The consumer was lost while it subscribed.');
    this.shared.seats.add(this);
  }

  /** Acknowledges. */
  ack(deliveryTag: number): void {
    if (this.live) this.shared.opened?.ack(deliveryTag);
  }

  /** Gives a delivery back to its queue. */
  giveBack(deliveryTag: number): void {
    if (this.live) this.shared.opened?.giveBack(deliveryTag);
  }

  /** Ends the consumption; what was delivered can still be settled. */
  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    this.shared.seats.delete(this);
    if (this.live && this.tag !== null) await this.shared.opened?.cancel(this.tag);
  }

  /** The broker ended the consumption. */
  lose(reason: string): void {
    if (this.left) return;
    this.left = true;
    if (this.shared.seats.delete(this)) this.events.lost(reason);
  }
}

/** A channel with those who sit on it. */
class SharedChannel {
  readonly seats = new Set<Seat>();
  /** Consumers that are subscribing and not yet among the seats. */
  arriving = 0;
  closed = false;
  opened: WireChannel | null = null;
  private readonly opening: Promise<WireChannel>;

  constructor(readonly wire: Wire) {
    this.opening = wire.openChannel({ confirming: false }, { closed: (reason) => this.close(reason ?? 'the connection was closed') });
  }

  async open(): Promise<WireChannel> {
    try {
      this.opened = await this.opening;
      return this.opened;
    } catch (error) {
      this.closed = true;
      throw error;
    }
  }

  private close(reason: string): void {
    this.closed = true;
    for (const seat of [...this.seats]) seat.lose(reason);
  }
}

/** Spreads consumers over shared channels. */
export class ConsumerChannels {
  private channels: SharedChannel[] = [];

  constructor(private readonly around: Surroundings) {}

  /** Subscribes. Rejects when the broker refuses; a refusal closes the channel and with it the neighbours' seats, so make sure before that the queue exists. */
  async sit(wire: Wire, options: { readonly queue: string; readonly prefetch: number }, events: SeatEvents): Promise<Seat> {
    const shared = this.withRoom(wire);
    const seat = new Seat(shared, {
      delivered: events.delivered,
      lost: (reason) => {
        this.report();
        events.lost(reason);
      },
    });
    shared.arriving += 1;
    try {
      await seat.take(await shared.open(), options);
    } finally {
      shared.arriving -= 1;
    }
    this.report();
    return seat;
  }

  /** Ends a seat's consumption and frees its place. */
  async leave(seat: Seat): Promise<void> {
    await seat.leave();
    this.report();
  }

  private withRoom(wire: Wire): SharedChannel {
    this.channels = this.channels.filter((shared) => !shared.closed);
    const free = this.channels.find((shared) => shared.wire === wire && shared.seats.size + shared.arriving < consumersPerChannel);
    if (free) return free;
    const fresh = new SharedChannel(wire);
    this.channels.push(fresh);
    return fresh;
  }

  private report(): void {
    this.around.metrics.consumers(this.channels.reduce((sum, shared) => sum + shared.seats.size, 0));
  }
}
