/** Reads numbers and slices from the front of an array. Every read answers null, and consumes nothing, when too few bytes are left. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Bytes not read yet. */
  get remaining(): number {
    return this.bytes.length - this.at;
  }

  /** One unsigned byte. */
  u8(): number | null {
    return this.take(1)?.[0] ?? null;
  }

  /** Two bytes, the low one first. */
  u16le(): number | null {
    const pair = this.take(2);
    return pair && (pair[0] ?? 0) + (pair[1] ?? 0) * 256;
  }

  /** Two bytes, the high one first. */
  u16be(): number | null {
    const pair = this.take(2);
    return pair && (pair[0] ?? 0) * 256 + (pair[1] ?? 0);
  }

  /** The next `length` bytes, as a view of the original. */
  take(length: number): Uint8Array | null {
    if (length < 0 || length > this.remaining) return null;
    const slice = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return slice;
  }
}
