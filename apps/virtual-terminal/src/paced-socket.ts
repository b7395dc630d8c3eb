import type { Socket } from 'node:net';

/** Writes to a socket at once or byte by byte, in order, and ends it after what was written. */
export class PacedSocket {
  private readonly waiting: (Uint8Array | 'end')[] = [];
  private timer: NodeJS.Timeout | null = null;
  private everyMs = 1;

  constructor(private readonly socket: Socket) {
    socket.on('close', () => {
      if (this.timer) clearTimeout(this.timer);
      this.waiting.length = 0;
    });
  }

  /** `everyMs` milliseconds between bytes; null: all at once. */
  write(bytes: Uint8Array, everyMs: number | null): void {
    if (everyMs === null && this.waiting.length === 0) {
      this.socket.write(bytes);
      return;
    }
    this.everyMs = everyMs ?? this.everyMs;
    this.waiting.push(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
    this.timer ??= setTimeout(() => this.step(), this.everyMs);
  }

  /** Ends the connection behind the last byte. */
  end(): void {
    if (this.waiting.length === 0) this.socket.destroySoon();
    else this.waiting.push('end');
  }

  private step(): void {
    this.timer = null;
    const next = this.waiting.shift();
    if (next === undefined) return;
    if (next === 'end') return void this.socket.destroySoon();
    this.socket.write(next);
    if (this.waiting.length > 0) this.timer = setTimeout(() => this.step(), this.everyMs);
  }
}
