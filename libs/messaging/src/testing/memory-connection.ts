import type { ChannelEvents, Wire, WireChannel } from '../wire';
import { MemoryChannel } from './memory-channel';
import { MemoryPipe } from './memory-pipe';
import type { MemoryRouter } from './memory-router';

/** A connection to the in-memory broker: two pipes and the channels on them. */
export class MemoryConnection implements Wire {
  readonly up: MemoryPipe;
  readonly down: MemoryPipe;
  private readonly channels = new Set<MemoryChannel>();
  private readonly listeners: ((reason: string | null) => void)[] = [];
  private isClosed = false;

  constructor(
    readonly server: MemoryRouter,
    readonly identity: { readonly name: string; readonly user: string },
    private readonly gone: () => void,
  ) {
    this.up = new MemoryPipe(server.clock, server.latencyMs);
    this.down = new MemoryPipe(server.clock, server.latencyMs);
  }

  /** See `Wire.openChannel`. */
  openChannel(options: { readonly confirming: boolean }, events: ChannelEvents): Promise<WireChannel> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) return reject(new Error('The connection is closed.'));
      const channel = new MemoryChannel(this, options.confirming, {
        ...events,
        closed: (reason) => {
          this.channels.delete(channel);
          reject(new Error('The connection is closed.')); // Does nothing once the channel is open.
          events.closed(reason);
        },
      });
      this.channels.add(channel);
      this.up.send(() => this.down.send(() => resolve(channel)));
    });
  }

  /** See `Wire.onClosed`. */
  onClosed(listener: (reason: string | null) => void): void {
    this.listeners.push(listener);
  }

  /** See `Wire.close`: what was sent before arrives. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isClosed) return resolve();
      this.up.send(() => {
        this.end(null);
        resolve();
      });
    });
  }

  /** Breaks: what is under way is lost in both directions. */
  cut(): void {
    this.end('ECONNRESET');
  }

  private end(reason: string | null): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.up.cut();
    this.down.cut();
    this.gone();
    const channels = [...this.channels];
    for (const channel of channels) channel.dropByServer();
    // The client learns it later than the server.
    this.server.clock.after(this.server.latencyMs(), () => {
      for (const channel of channels) channel.closedAtClient(reason);
      for (const listener of this.listeners) listener(reason);
    });
  }
}
