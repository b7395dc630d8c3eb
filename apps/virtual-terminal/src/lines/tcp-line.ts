import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { FarEnd, Line, Place } from './line';
import { PacedWriter } from './paced-writer';

const keepAliveDelayMs = 15_000;

interface Link {
  readonly socket: Socket;
  readonly writer: PacedWriter;
}

/** A TCP port that takes one connection; a second is refused (design-money, clause 28). */
export class TcpLine implements Line {
  private readonly server: Server;
  private terminal: FarEnd | null = null;
  private link: Link | null = null;

  constructor(private readonly options: { readonly host: string; readonly port: number }) {
    this.server = createServer({ noDelay: true }, (socket) => this.arrive(socket));
  }

  get place(): Place {
    const address = this.server.address();
    return { kind: 'tcp', port: typeof address === 'object' && address ? address.port : 0 };
  }

  get connected(): boolean {
    return this.link !== null;
  }

  open(terminal: FarEnd): Promise<void> {
    this.terminal = terminal;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options, () => resolve());
    });
  }

  send(bytes: Uint8Array, everyMs: number | null): void {
    this.link?.writer.write(bytes, everyMs);
  }

  drop(): void {
    const { link } = this;
    this.link = null;
    link?.writer.end();
  }

  ready(): void {
    // It listens all the time, and refuses while the terminal takes nobody.
  }

  close(): Promise<void> {
    this.link?.socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private arrive(socket: Socket): void {
    const { terminal } = this;
    socket.on('error', () => undefined); // `close` follows and says all that matters.
    if (!terminal?.acceptsConnection) return void socket.resetAndDestroy();
    socket.setKeepAlive(true, keepAliveDelayMs);
    const link = { socket, writer: new PacedWriter({ write: (bytes) => void socket.write(bytes), end: () => socket.destroySoon() }) };
    this.link = link;
    socket.on('data', (bytes: Uint8Array) => {
      if (this.link === link) terminal.bytes(bytes);
    });
    const gone = (): void => {
      if (this.link !== link) return;
      this.link = null;
      terminal.disconnected();
    };
    // The other side's farewell ends the connection: whoever comes right behind it is not a second one.
    socket.on('end', gone);
    socket.on('close', () => {
      link.writer.stop();
      gone();
    });
    terminal.connected();
  }
}
