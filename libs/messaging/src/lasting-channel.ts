import type { Link } from './link';
import type { Surroundings } from './surroundings';
import type { Wire, WireChannel } from './wire';

/** The broker closed the channel alone: it is opened again after this long, so that a faulty publisher cannot make it spin. */
const reopenAfterMs = 200;

/** How the channel is used. */
export interface LastingChannelOptions {
  readonly confirming: boolean;
  /** For the log. */
  readonly purpose: string;
  /** Runs on every fresh channel before it is used. */
  setUp?(channel: WireChannel): Promise<void>;
  closed?(reason: string): void;
  returned?(message: { readonly correlationId: string | null; readonly reason: string }): void;
}

/** A channel that is opened with every connection, and again when the broker closes it alone. */
export class LastingChannel {
  private current: WireChannel | null = null;

  constructor(
    private readonly link: Link,
    private readonly around: Surroundings,
    private readonly options: LastingChannelOptions,
  ) {}

  /** The channel, when it stands. */
  get open(): WireChannel | null {
    return this.current;
  }

  /** Opens the channel of a fresh connection. */
  async prepare(wire: Wire): Promise<void> {
    const { confirming, setUp, returned } = this.options;
    let closed = false;
    const channel = await wire.openChannel(
      { confirming },
      {
        closed: (reason) => {
          closed = true;
          this.lose(wire, reason);
        },
        returned: (message) => returned?.(message),
      },
    );
    await setUp?.(channel);
    if (closed) throw new Error(`The channel for ${this.options.purpose} was closed at once.`);
    this.current = channel;
  }

  /** The channel, waiting at most `withinMs` for it; null when it does not come. */
  async opened(withinMs: number): Promise<WireChannel | null> {
    const { clock } = this.around;
    const deadlineMs = clock.nowMs() + withinMs;
    while (!this.current) {
      const leftMs = deadlineMs - clock.nowMs();
      if (leftMs <= 0 || !(await this.link.connected(leftMs))) return null;
      // Connected but closed by the broker: it is back in a moment.
      if (!this.current) await new Promise<void>((resolve) => clock.after(20, resolve));
    }
    return this.current;
  }

  private lose(wire: Wire, reason: string | null): void {
    this.current = null;
    if (reason !== null && this.link.wire === wire) this.around.log.warn({ reason, purpose: this.options.purpose }, 'The broker closed a channel.');
    this.options.closed?.(reason ?? 'the connection was lost');
    this.around.clock.after(reopenAfterMs, () => void this.reopen(wire));
  }

  private async reopen(wire: Wire): Promise<void> {
    if (this.link.wire !== wire || this.current) return; // A new connection opens its own.
    try {
      await this.prepare(wire);
    } catch (error) {
      this.around.log.warn({ err: error, purpose: this.options.purpose }, 'A channel cannot be opened.');
      this.around.clock.after(reopenAfterMs, () => void this.reopen(wire));
    }
  }
}
