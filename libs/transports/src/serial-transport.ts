import { stat } from 'node:fs/promises';
import type { BindingPortInterface } from '@serialport/bindings-cpp';
import type { Transport } from '@kkm/core';
import { Receiver } from './receiver';
import { writeBufferBytesMax } from './socket-transport';

/** Bytes taken from the port at once. */
const readBytes = 16_384;
/** What arrives so soon after the opening was on its way before it: adapters keep bytes for up to 16 ms, and the terminal may be in the middle of a frame. */
const settleMs = 50;
/** How often it is looked whether the port is there still. A read notices most cables that are pulled, not all. */
const watchMs = 1_000;
/** How long the system is given to take what was written before the port is closed. It takes kilobytes at once, unless the other side does not read. */
const lastWordsMs = 500;

/** An open serial port as a transport. It ends when it is closed, when reading or writing fails, or when the port has gone from `/dev`. */
export class SerialTransport implements Transport {
  private readonly receiver = new Receiver(() => this.close());
  private settled = false;
  private closing: Promise<void> | null = null;
  private writes: Promise<void> = Promise.resolve();
  private writing = 0;
  private readonly watch: NodeJS.Timeout;

  constructor(
    private readonly binding: BindingPortInterface,
    /** Where it lies, links resolved. */
    private readonly port: string,
  ) {
    this.watch = setInterval(() => void this.look(), watchMs);
    this.watch.unref();
    void this.read();
  }

  /** Whether the end was told. */
  get ended(): boolean {
    return this.receiver.ended;
  }

  /** Lets what an earlier session is still owed arrive, and throws it away. Until then nothing is received. */
  async settle(): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, settleMs);
    });
    this.settled = true;
  }

  write(bytes: Uint8Array): boolean {
    if (this.closing || this.writing + bytes.length > writeBufferBytesMax) return false;
    this.writing += bytes.length;
    // A copy: the caller may use its bytes again. One after the other: the port takes one write at a time.
    const piece = Buffer.from(bytes);
    this.writes = this.writes
      .then(() => this.binding.write(piece))
      .then(
        () => void (this.writing -= piece.length),
        (error: unknown) => this.lost('write', error),
      );
    return true;
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.receiver.listen(listener);
  }

  onClose(listener: (why?: string) => void): void {
    this.receiver.listenEnd(listener);
  }

  close(): void {
    void this.end();
  }

  private async read(): Promise<void> {
    const buffer = Buffer.allocUnsafe(readBytes);
    while (!this.closing) {
      try {
        const { bytesRead } = await this.binding.read(buffer, 0, readBytes);
        if (this.settled) this.receiver.take(Uint8Array.from(buffer.subarray(0, bytesRead)));
      } catch (error) {
        return this.lost('read', error);
      }
    }
  }

  /** Looks whether the port is still the one that was opened. */
  private async look(): Promise<void> {
    const there = await stat(this.port).then(
      (found) => found.isCharacterDevice(),
      () => false,
    );
    if (!there) this.lost('look', new Error(`${this.port} has gone`));
  }

  /** Nothing can be carried any more. After {@link close} it is what was asked for. */
  private lost(doing: 'read' | 'write' | 'look', error: unknown): void {
    if (!this.closing)
      void this.end(`the cable of ${this.port} was pulled, or the terminal went off (${doing}: ${error instanceof Error ? error.message : String(error)})`);
  }

  /**
   * Ends once. The end is told when the port is closed and not before: whoever opens it next must find it free, and nothing of this session may leave later.
   */
  private end(why?: string): Promise<void> {
    this.closing ??= this.shut(why);
    return this.closing;
  }

  private async shut(why: string | undefined): Promise<void> {
    clearInterval(this.watch);
    const left = why === undefined && (await this.lastWordsLeft());
    // The system would go on sending what it took; nothing may reach the terminal once its port counts as closed.
    if (!left) await this.binding.flush().catch(() => undefined);
    await this.binding.close().catch(() => undefined); // A port that has gone may refuse; it is closed then, too.
    this.receiver.finish(why);
  }

  /** Whether what was written has left in time. */
  private async lastWordsLeft(): Promise<boolean> {
    let timer: NodeJS.Timeout | null = null;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), lastWordsMs);
    });
    const left = await Promise.race([this.writes.then(() => true), late]);
    if (timer) clearTimeout(timer);
    return left;
  }
}
