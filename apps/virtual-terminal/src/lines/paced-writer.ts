/** What a {@link PacedWriter} writes to. */
export interface Written {
  write(bytes: Uint8Array): void;
  /** Nothing follows. */
  end(): void;
}

/** Writes at once or byte by byte, in order, and ends behind what was written. */
export class PacedWriter {
  private readonly waiting: (Uint8Array | 'end')[] = [];
  private timer: NodeJS.Timeout | null = null;
  private everyMs = 1;

  constructor(private readonly to: Written) {}

  /** `everyMs` milliseconds between bytes; null: all at once. */
  write(bytes: Uint8Array, everyMs: number | null): void {
    if (everyMs === null && this.waiting.length === 0) return this.to.write(bytes);
    this.everyMs = everyMs ?? this.everyMs;
    this.waiting.push(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
    this.timer ??= setTimeout(() => this.step(), this.everyMs);
  }

  /** Ends behind the last byte. */
  end(): void {
    if (this.waiting.length === 0) this.to.end();
    else this.waiting.push('end');
  }

  /** Nobody takes anything any more. */
  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.waiting.length = 0;
  }

  private step(): void {
    this.timer = null;
    const next = this.waiting.shift();
    if (next === undefined) return;
    if (next === 'end') return this.to.end();
    this.to.write(next);
    if (this.waiting.length > 0) this.timer = setTimeout(() => this.step(), this.everyMs);
  }
}
