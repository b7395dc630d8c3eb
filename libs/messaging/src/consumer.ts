import type { Subscription } from './broker';
import { pauseMs, subscribeBackoff } from './backoff';
import type { ConsumerChannels, Seat } from './consumer-channels';
import type { Link } from './link';
import type { Surroundings } from './surroundings';
import type { TopologyKeeper } from './topology-keeper';
import type { WireDelivery } from './wire';

/** How the work on a delivery ended: acknowledge it, or give it back because it was neither handled nor may be held any longer. */
export type Settlement = 'ack' | 'give-back';

/** What the work on a delivery may ask while it holds it. */
export interface Hold {
  /** Waits; false when the delivery may not be held any longer: the consumer is being drained, or the delivery is stale. */
  pause(ms: number): Promise<boolean>;
}

/** The work on one delivery. It must not reject. */
export type Work = (delivery: WireDelivery, hold: Hold) => Promise<Settlement>;

/** Whose consumer it is. */
export interface ConsumerParts {
  readonly link: Link;
  readonly topology: TopologyKeeper;
  readonly channels: ConsumerChannels;
  readonly around: Surroundings;
}

interface Arrived {
  readonly delivery: WireDelivery;
  readonly seat: Seat;
}

/** Consumes one queue until cancelled: takes a seat, works, settles, and takes a new seat when the old one is lost. The only file that acknowledges. */
export class Consumer implements Subscription {
  private seat: Seat | null = null;
  private seeking: Promise<void> | null = null;
  private running = 0;
  private readonly waiting: Arrived[] = [];
  private readonly unsettled: { readonly arrived: Arrived; readonly settlement: Settlement }[] = [];
  private phase: 'consuming' | 'draining' | 'ended' = 'consuming';
  private ending: Promise<void> | null = null;
  private readonly wakers = new Set<() => void>();
  private drained: (() => void) | null = null;
  private firstTried: () => void = () => undefined;
  private readonly stopWatching: () => void;

  constructor(
    private readonly parts: ConsumerParts,
    private readonly options: { readonly queue: string; readonly prefetch: number },
    private readonly work: Work,
  ) {
    this.stopWatching = parts.link.onState((state) => {
      if (state === 'connected') void this.seek();
    });
  }

  /** Subscribes. Resolves when subscribed, or after the first try failed; it goes on trying by itself. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.firstTried = resolve;
      void this.seek().then(resolve);
    });
  }

  /** Takes a seat, again and again until it has one. Ends when seated, ended, or the connection is down (then the next one calls it). */
  private seek(): Promise<void> {
    this.seeking ??= this.seekSeat().finally(() => {
      this.seeking = null;
    });
    return this.seeking;
  }

  /** See `Subscription.cancel`. */
  cancel(options: { readonly withinMs?: number } = {}): Promise<void> {
    this.ending ??= this.end(options.withinMs);
    return this.ending;
  }

  private async seekSeat(): Promise<void> {
    const { link, topology, channels, around } = this.parts;
    for (let attempt = 1; this.phase === 'consuming' && !this.seat; attempt += 1) {
      const wire = link.wire;
      if (!wire) return;
      try {
        await topology.ensure(wire, this.options.queue);
        const seat = await channels.sit(wire, this.options, {
          delivered: (delivery, at) => this.arrive({ delivery, seat: at }),
          lost: (reason) => this.lose(reason),
        });
        if (!seat.isLeft) this.seat = seat;
      } catch (error) {
        if (link.wire !== wire) continue;
        this.firstTried();
        const fields = { err: error, queue: this.options.queue, attempt };
        if (attempt === 1) around.log.warn(fields, 'The queue cannot be consumed; trying again.');
        else around.log.debug(fields, 'The queue still cannot be consumed.');
        await this.sleep(pauseMs(subscribeBackoff, attempt, around.random()), () => this.phase !== 'consuming');
      }
    }
  }

  private lose(reason: string): void {
    this.seat = null;
    this.waiting.splice(0, this.waiting.length, ...this.waiting.filter(({ seat }) => seat.live));
    this.wake(); // Whoever pauses looks whether its delivery is stale.
    if (this.phase !== 'consuming') return;
    this.parts.around.log.warn({ queue: this.options.queue, reason }, 'A consumer was lost; subscribing again.');
    void this.seek();
  }

  private arrive(arrived: Arrived): void {
    // Beyond the prefetch only after a reconnect: the handler of the lost delivery still runs while its redelivery is here.
    if (this.phase !== 'consuming' || this.running >= this.options.prefetch) this.waiting.push(arrived);
    else void this.attend(arrived);
  }

  private async attend(arrived: Arrived): Promise<void> {
    const { delivery, seat } = arrived;
    this.running += 1;
    const mustLetGo = (): boolean => !seat.live || this.phase !== 'consuming';
    const settlement = await this.work(delivery, {
      pause: async (ms) => {
        if (!mustLetGo()) await this.sleep(ms, mustLetGo);
        return !mustLetGo();
      },
    });
    this.settle(arrived, settlement);
    this.running -= 1;
    this.next();
  }

  private settle(arrived: Arrived, settlement: Settlement): void {
    const { delivery, seat } = arrived;
    // While it drains the seat is still taken: an acknowledgement would bring the next message here, out of turn and for nothing.
    if (this.phase === 'draining' && this.seat === seat) return void this.unsettled.push({ arrived, settlement });
    try {
      if (settlement === 'ack') seat.ack(delivery.deliveryTag);
      else seat.giveBack(delivery.deliveryTag);
    } catch (error) {
      // The channel closed in this very moment: the broker hands the message out again.
      this.parts.around.log.debug({ err: error, queue: this.options.queue }, 'A delivery could not be settled.');
    }
  }

  private next(): void {
    if (this.phase !== 'consuming') {
      if (this.running === 0) this.drained?.();
      return;
    }
    for (let arrived = this.waiting.shift(); arrived; arrived = this.waiting.shift()) {
      if (arrived.seat.live) return void this.attend(arrived);
    }
  }

  private async end(withinMs: number | undefined): Promise<void> {
    this.phase = 'draining';
    this.stopWatching();
    this.wake();
    await this.seeking;
    // One at a time may mean single active: leave only when the handler has ended. Others stop the stream first.
    if (this.options.prefetch > 1) await this.leave();
    await this.untilIdle(withinMs);
    await this.leave();
    this.phase = 'ended';
    for (const { arrived, settlement } of this.unsettled.splice(0)) this.settle(arrived, settlement);
    for (const arrived of this.waiting.splice(0)) this.settle(arrived, 'give-back');
  }

  private async leave(): Promise<void> {
    const { seat } = this;
    if (!seat) return;
    this.seat = null;
    try {
      await this.parts.channels.leave(seat);
    } catch (error) {
      this.parts.around.log.debug({ err: error, queue: this.options.queue }, 'The channel closed before the consumer was cancelled.');
    }
  }

  private async untilIdle(withinMs: number | undefined): Promise<void> {
    if (this.running === 0) return;
    await new Promise<void>((resolve) => {
      const stop =
        withinMs === undefined
          ? null
          : this.parts.around.clock.after(withinMs, () => {
              this.parts.around.log.warn(
                { queue: this.options.queue, running: this.running },
                'Handlers still run at the end of the drain; their messages will be delivered again.',
              );
              resolve();
            });
      this.drained = () => {
        stop?.();
        resolve();
      };
    });
  }

  private sleep(ms: number, cutShort: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        stop();
        this.wakers.delete(waker);
        resolve();
      };
      const waker = (): void => {
        if (cutShort()) end();
      };
      const stop = this.parts.around.clock.after(ms, end);
      this.wakers.add(waker);
    });
  }

  private wake(): void {
    for (const waker of [...this.wakers]) waker();
  }
}
