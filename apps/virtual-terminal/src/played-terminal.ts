import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { unreachable } from '@kkm/core';
import type { TerminalEffect, TerminalInput, VirtualTerminal } from '@kkm/drivers/terminals';
import { PacedSocket } from './paced-socket';

const keepAliveDelayMs = 15_000;

/** A virtual terminal on a TCP port: gives the machine its socket and its timers. Takes one connection; a second is refused (design-money, clause 28). */
export class PlayedTerminal {
  private readonly server: Server;
  private link: { readonly socket: Socket; readonly paced: PacedSocket } | null = null;
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    readonly id: string,
    readonly machine: VirtualTerminal,
  ) {
    this.server = createServer({ noDelay: true }, (socket) => this.arrive(socket));
  }

  /** Where it listens; 0 before {@link PlayedTerminal.listen}. */
  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Whether a register is connected. */
  get connected(): boolean {
    return this.link !== null;
  }

  /** Opens the port. */
  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, () => resolve());
    });
  }

  /** Lets something happen to the terminal. */
  feed(input: TerminalInput): void {
    for (const effect of this.machine.handle(input)) this.perform(effect);
  }

  /** Pulls the plug for good. */
  close(): Promise<void> {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.link?.socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private arrive(socket: Socket): void {
    socket.on('error', () => undefined); // `close` follows and says all that matters.
    if (!this.machine.acceptsConnection) return void socket.resetAndDestroy();
    socket.setKeepAlive(true, keepAliveDelayMs);
    const link = { socket, paced: new PacedSocket(socket) };
    this.link = link;
    socket.on('data', (bytes: Uint8Array) => {
      if (this.link === link) this.feed({ kind: 'bytes', bytes });
    });
    const gone = (): void => {
      if (this.link !== link) return;
      this.link = null;
      this.feed({ kind: 'disconnected' });
    };
    // The other side's farewell ends the connection: whoever comes right behind it is not a second one.
    socket.on('end', gone);
    socket.on('close', gone);
    this.feed({ kind: 'connected' });
  }

  private perform(effect: TerminalEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.link?.paced.write(effect.bytes, effect.everyMs);
      case 'drop': {
        const { link } = this;
        this.link = null;
        return link?.paced.end();
      }
      case 'set-timer':
        return this.setTimer(effect.name, effect.ms);
      case 'clear-timer':
        clearTimeout(this.timers.get(effect.name));
        this.timers.delete(effect.name);
        return;
      default:
        return unreachable(effect);
    }
  }

  private setTimer(name: string, ms: number): void {
    clearTimeout(this.timers.get(name));
    const fire = (): void => {
      this.timers.delete(name);
      this.feed({ kind: 'timer', name });
    };
    this.timers.set(name, setTimeout(fire, ms));
  }
}
