import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually';

/** What a person runs to have socat. */
const command = 'apt-get install -y socat';

/** Why there are no cables here; null when socat is on this machine. */
export function socatMissing(): string | null {
  return spawnSync('socat', ['-V'], { stdio: 'ignore', timeout: 10_000 }).status === 0 ? null : `it is not on this machine: ${command}`;
}

/**
 * A serial cable without hardware: socat joins a pseudo terminal to this test, which plays what is plugged in at the far end. As on a real cable nobody there
 * notices who has the port open, and what is sent meanwhile waits in it.
 */
export class TestCable {
  /** What a register opens: a link below `/dev` that leads to another port after every {@link TestCable.plug}. */
  readonly path: string;
  private readonly folder = mkdtempSync('/dev/shm/kkm-cable-');
  private socat: ChildProcessWithoutNullStreams | null = null;
  private hold: number | null = null;
  private listener: (bytes: Uint8Array) => void = () => undefined;
  private pulled: Promise<void> = Promise.resolve();

  /** @param mode rights of the port, as chmod takes them. */
  constructor(private readonly mode = '600') {
    this.path = join(this.folder, 'cable');
  }

  /** Puts the cable in; resolves when its port is there. */
  async plug(): Promise<void> {
    await this.pulled;
    const socat = spawn('socat', [`PTY,link=${this.path},rawer,mode=${this.mode}`, 'STDIO'], { stdio: 'pipe' });
    this.socat = socat;
    socat.stdin.on('error', () => undefined); // It was pulled while something was sent.
    socat.stdout.on('data', (bytes: Uint8Array) => this.listener(bytes));
    this.pulled = new Promise((resolve) => {
      socat.once('close', () => resolve());
    });
    // Without anybody at the near end socat would take the port for closed and leave.
    this.hold = await eventually(() => openSync(this.path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
  }

  /** Sends from the far end. */
  send(bytes: Uint8Array | string): void {
    this.socat?.stdin.write(bytes);
  }

  /** Sets the one listener at the far end. */
  onData(listener: (bytes: Uint8Array) => void): void {
    this.listener = listener;
  }

  /** Stops reading at the far end; what is sent there waits on the way, as far as there is room. */
  stopReading(): void {
    this.socat?.kill('SIGSTOP');
  }

  /** Pulls the cable; resolves when its port has gone. */
  async pull(): Promise<void> {
    this.socat?.kill('SIGKILL');
    if (this.hold !== null) closeSync(this.hold);
    this.hold = null;
    await this.pulled;
    this.socat = null;
    rmSync(this.path, { force: true }); // As udev does; a killed socat leaves its link.
  }

  /** Pulls it for good. */
  async remove(): Promise<void> {
    await this.pull();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
