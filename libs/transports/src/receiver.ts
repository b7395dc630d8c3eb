/** Bytes that may wait for a listener; a terminal has nothing to say before it is spoken to. */
const earlyBytesMax = 65_536;

/** The receiving half of a transport: keeps what comes before somebody listens, and tells the end once. */
export class Receiver {
  private onData: ((bytes: Uint8Array) => void) | null = null;
  private onClose: ((why?: string) => void) | null = null;
  private early: Uint8Array[] = [];
  private earlyBytes = 0;
  private end: { readonly why: string | undefined } | null = null;

  /** @param overflow called when more than 64 KiB came and nobody listens. */
  constructor(private readonly overflow: () => void) {}

  /** Whether the end was told, or would have been. */
  get ended(): boolean {
    return this.end !== null;
  }

  /** Bytes arrived. */
  take(bytes: Uint8Array): void {
    if (this.onData) return this.onData(bytes);
    this.early.push(bytes);
    this.earlyBytes += bytes.length;
    if (this.earlyBytes > earlyBytesMax) this.overflow();
  }

  /** Nothing will arrive any more. May be called again. */
  finish(why?: string): void {
    if (this.end) return;
    this.end = { why };
    this.onClose?.(why);
  }

  /** Sets the one listener for bytes. */
  listen(listener: (bytes: Uint8Array) => void): void {
    this.onData = listener;
    const waiting = this.early;
    this.early = [];
    for (const bytes of waiting) listener(bytes);
  }

  /** Sets the one listener for the end. */
  listenEnd(listener: (why?: string) => void): void {
    this.onClose = listener;
    if (this.end) listener(this.end.why);
  }
}
