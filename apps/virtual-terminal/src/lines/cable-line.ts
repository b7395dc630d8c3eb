import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FarEnd, Line, Place } from './line';
import { PacedWriter } from './paced-writer';

/** How long the port of a cable may take to appear. */
const plugWithinMs = 5_000;
const lookEveryMs = 5;
/** How long what was sent travels on after the cable was pulled, seconds as socat takes them. */
const lastBytesSeconds = '0.05';

interface Plugged {
  readonly socat: ChildProcessWithoutNullStreams;
  readonly writer: PacedWriter;
  /** Without anybody at the near end socat would take the port for closed and leave. */
  readonly hold: number;
}

/**
 * A serial cable without hardware: socat makes a pseudo terminal for the register to open, and plays the cable. As on a real one, nobody at this end notices
 * who has the port open, and what is sent meanwhile waits in it. Pulled, the port is gone; put in again, another one lies behind the same path.
 */
export class CableLine implements Line {
  readonly place: Place;
  private terminal: FarEnd | null = null;
  private plugged: Plugged | null = null;
  /** Pulling and plugging, one after the other. */
  private changes: Promise<void> = Promise.resolve();
  private plugging = false;
  private closed = false;

  /** @param onFailure told when the cable cannot be put in again. */
  constructor(
    private readonly path: string,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.place = { kind: 'serial', path };
  }

  get connected(): boolean {
    return this.plugged !== null;
  }

  async open(terminal: FarEnd): Promise<void> {
    this.terminal = terminal;
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    await this.plug();
  }

  send(bytes: Uint8Array, everyMs: number | null): void {
    this.plugged?.writer.write(bytes, everyMs);
  }

  drop(): void {
    const { plugged } = this;
    this.plugged = null;
    if (!plugged) return;
    this.changes = this.changes.then(() => pulled(plugged, this.path));
    plugged.writer.end();
  }

  ready(): void {
    if (this.plugged || this.plugging || this.closed) return;
    this.plugging = true;
    this.changes = this.changes.then(() => this.plug()).catch(this.onFailure);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.drop();
    await this.changes;
  }

  private async plug(): Promise<void> {
    this.plugging = true;
    try {
      const { terminal } = this;
      if (this.closed || !terminal?.acceptsConnection) return;
      this.plugged = await this.start(terminal);
      terminal.connected();
    } finally {
      this.plugging = false;
    }
  }

  private async start(terminal: FarEnd): Promise<Plugged> {
    rmSync(this.path, { force: true }); // Of a process that was killed.
    const socat = spawn('socat', ['-t', lastBytesSeconds, `PTY,link=${this.path},rawer,mode=660`, 'STDIO'], { stdio: 'pipe' });
    socat.stdin.on('error', () => undefined); // It was pulled while something was sent.
    socat.stderr.resume();
    const writer = new PacedWriter({ write: (bytes) => void socat.stdin.write(bytes), end: () => socat.stdin.end() });
    socat.once('close', () => writer.stop());
    const hold = await opened(this.path, socat);
    socat.stdout.on('data', (bytes: Uint8Array) => {
      if (this.plugged?.socat === socat) terminal.bytes(bytes);
    });
    socat.once('close', () => this.broke(socat));
    return { socat, writer, hold };
  }

  /** Somebody ended socat: to both sides the cable was pulled. */
  private broke(socat: ChildProcessWithoutNullStreams): void {
    const { plugged, terminal } = this;
    if (plugged?.socat !== socat) return;
    this.drop();
    terminal?.disconnected();
    this.ready();
  }
}

/** Opens the near end as soon as socat has made it. */
async function opened(path: string, socat: ChildProcessWithoutNullStreams): Promise<number> {
  const failure = new Promise<never>((_resolve, reject) => {
    socat.once('error', reject);
    socat.once('close', () => reject(new Error(`socat ended before there was a ${path}`)));
  });
  return Promise.race([failure, found(path)]);
}

async function found(path: string): Promise<number> {
  const until = Date.now() + plugWithinMs;
  for (;;) {
    try {
      return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  }
}

/** Resolves when the port has gone. */
async function pulled({ socat, writer, hold }: Plugged, path: string): Promise<void> {
  if (socat.exitCode === null && socat.signalCode === null) {
    await new Promise<void>((resolve) => {
      socat.once('close', () => resolve());
    });
  }
  writer.stop();
  closeSync(hold);
  rmSync(path, { force: true }); // As udev does.
}
