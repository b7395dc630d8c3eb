import { concatBytes, crc16Buypass } from '@kkm/wire';
import { control, lengthFieldMax } from './frames';

/** What the byte stream turns out to hold. */
export type Token =
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak' }
  | { readonly kind: 'eot' }
  /** The data of an STX frame with a good CRC. */
  | { readonly kind: 'frame'; readonly data: Uint8Array }
  /** The body of an SOH frame with a good CRC. */
  | { readonly kind: 'packet'; readonly body: Uint8Array }
  /** A whole frame whose CRC does not hold, or whose length cannot be. */
  | { readonly kind: 'damaged' }
  /** Bytes outside any frame: banners of a starting terminal, ETX, line noise. Runs are told once per push. */
  | { readonly kind: 'noise' };

/** Cuts a stream of bytes into tokens, however it was split or joined. Holds at most one frame ({@link lengthFieldMax} bytes and its frame). */
export class Scanner {
  private pending: Uint8Array = new Uint8Array(0);

  /** Whether a frame has begun and not ended. */
  get midFrame(): boolean {
    return this.pending.length > 0;
  }

  /** Takes in bytes and gives the tokens they complete. Never throws. */
  push(bytes: Uint8Array): readonly Token[] {
    const stream = this.pending.length > 0 ? concatBytes([this.pending, bytes]) : bytes;
    const tokens: Token[] = [];
    let at = 0;
    while (at < stream.length) {
      const step = next(stream, at);
      if (step === 'incomplete') break;
      if (step.token.kind !== 'noise' || tokens.at(-1)?.kind !== 'noise') tokens.push(step.token);
      at += step.consumed;
    }
    this.pending = at < stream.length ? stream.slice(at) : new Uint8Array(0);
    return tokens;
  }

  /** Forgets a frame that has begun (inter-byte timeout). */
  reset(): void {
    this.pending = new Uint8Array(0);
  }
}

type Step = { readonly token: Token; readonly consumed: number };

function next(stream: Uint8Array, at: number): Step | 'incomplete' {
  switch (stream[at]) {
    case control.ack:
      return { token: { kind: 'ack' }, consumed: 1 };
    case control.nak:
      return { token: { kind: 'nak' }, consumed: 1 };
    case control.eot:
      return { token: { kind: 'eot' }, consumed: 1 };
    case control.stx:
    case control.soh:
      return nextFrame(stream, at);
    default:
      return { token: { kind: 'noise' }, consumed: 1 };
  }
}

function nextFrame(stream: Uint8Array, at: number): Step | 'incomplete' {
  if (stream.length - at < 3) return 'incomplete';
  const length = (stream[at + 1] ?? 0) + (stream[at + 2] ?? 0) * 256;
  // Only the start byte is given up: a good frame may begin right behind it.
  if (length > lengthFieldMax) return { token: { kind: 'damaged' }, consumed: 1 };
  const end = at + 3 + length;
  if (stream.length < end + 2) return 'incomplete';
  const consumed = end + 2 - at;
  const crc = (stream[end] ?? 0) * 256 + (stream[end + 1] ?? 0);
  if (crc16Buypass(stream.subarray(at, end)) !== crc) return { token: { kind: 'damaged' }, consumed };
  const content = stream.slice(at + 3, end);
  return { token: stream[at] === control.stx ? { kind: 'frame', data: content } : { kind: 'packet', body: content }, consumed };
}
