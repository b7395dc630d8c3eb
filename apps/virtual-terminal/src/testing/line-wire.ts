import type { Transport } from '@kkm/core';
import type { LabWire, TerminalEnd } from '@kkm/drivers/conformance';
import { pause } from '@kkm/testkit';
import type { Line, Place } from '../lines/line';

/** What is on its way for longer never arrives. */
const arrivesWithinMs = 3_000;

/** A real line between a lab's driver and its terminal. Counts the bytes on their way, so that the lab's clock can stand still until they have arrived. */
export class LineWire implements LabWire {
  /** Bytes on their way to the terminal, and to the register. */
  private up = 0;
  private down = 0;
  private transport: Transport | null = null;
  /** The terminal has ended the connection, and the register has not noticed yet. */
  private dropped = false;
  /** The register has ended it, and its port is not closed yet. */
  private closing = false;

  private constructor(
    private readonly line: Line,
    private readonly terminal: TerminalEnd,
    private readonly reach: (place: Place) => Promise<Transport>,
  ) {}

  /** Opens the line. `reach` connects to it as a register does. */
  static async over(line: Line, terminal: TerminalEnd, reach: (place: Place) => Promise<Transport>): Promise<LineWire> {
    const wire = new LineWire(line, terminal, reach);
    await line.open({
      get acceptsConnection() {
        return terminal.acceptsConnection;
      },
      connected: () => terminal.connected(),
      disconnected: () => terminal.disconnected(),
      bytes: (bytes) => {
        wire.up -= bytes.length;
        terminal.bytes(bytes);
      },
    });
    return wire;
  }

  async connect(): Promise<Transport | null> {
    if (this.line.place.kind === 'tcp' ? !this.terminal.acceptsConnection : !this.line.connected) return null;
    const transport = await this.reach(this.line.place);
    this.transport = transport;
    await this.quiet();
    return {
      write: (bytes) => {
        const taken = transport.write(bytes);
        if (taken) this.up += bytes.length;
        return taken;
      },
      onData: (listener) =>
        transport.onData((bytes) => {
          this.down -= bytes.length;
          listener(bytes);
        }),
      onClose: (listener) =>
        transport.onClose((why) => {
          this.ended();
          listener(why);
        }),
      close: () => {
        this.closing = this.transport !== null;
        transport.close();
      },
    };
  }

  send(bytes: Uint8Array): void {
    // What is sent while nobody has the port open is nobody's.
    if (this.transport) this.down += bytes.length;
    this.line.send(bytes, null);
  }

  drop(): void {
    this.dropped = this.transport !== null;
    this.line.drop();
  }

  ready(): void {
    this.line.ready();
  }

  async quiet(): Promise<void> {
    const until = Date.now() + arrivesWithinMs;
    while (!this.isQuiet()) {
      if (Date.now() > until) throw new Error(`On their way for ever: ${this.up} bytes to the terminal, ${this.down} to the register.`);
      await pause(0);
    }
  }

  /** Takes everything away. */
  async close(): Promise<void> {
    this.transport?.close();
    await this.line.close();
  }

  private isQuiet(): boolean {
    if (this.up > 0 || this.down > 0 || this.dropped || this.closing) return false;
    // Over TCP the terminal hears of every connection and of its end; a cable is put in again as soon as the terminal takes it.
    return this.line.place.kind === 'tcp' ? this.line.connected === (this.transport !== null) : this.line.connected || !this.terminal.acceptsConnection;
  }

  /** The register's end is closed: what was on its way to it is lost, and so is what the terminal had not read when it was the one to end it. */
  private ended(): void {
    if (this.dropped || this.line.place.kind === 'tcp') this.up = 0;
    this.down = 0;
    this.dropped = false;
    this.closing = false;
    this.transport = null;
  }
}
