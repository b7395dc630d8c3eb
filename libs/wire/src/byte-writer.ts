import { concatBytes } from './bytes';

/** Collects numbers and slices in order; {@link ByteWriter.finish} joins them. */
export class ByteWriter {
  private readonly pieces: Uint8Array[] = [];

  /** One byte, 0 to 255. */
  u8(value: number): this {
    return this.bytes(Uint8Array.of(inRange(value, 0xff)));
  }

  /** Two bytes, the low one first, 0 to 65535. */
  u16le(value: number): this {
    inRange(value, 0xffff);
    return this.bytes(Uint8Array.of(value & 0xff, value >> 8));
  }

  /** Two bytes, the high one first, 0 to 65535. */
  u16be(value: number): this {
    inRange(value, 0xffff);
    return this.bytes(Uint8Array.of(value >> 8, value & 0xff));
  }

  /** Bytes as they are. They are not copied before {@link ByteWriter.finish}. */
  bytes(value: Uint8Array): this {
    this.pieces.push(value);
    return this;
  }

  /** All that was written, as one new array. */
  finish(): Uint8Array {
    return concatBytes(this.pieces);
  }
}

function inRange(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError(`${value} does not fit into 0..${max}.`);
  return value;
}
