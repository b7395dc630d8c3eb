import { concatBytes, equalBytes } from '@kkm/wire';
import type { Packet } from './frames';
import { messageBytesMax } from './frames';

/** What a packet did to the message it belongs to. */
export type AssemblyStep =
  /** More packets are to come; acknowledge this one. */
  | { readonly kind: 'more' }
  /** The last packet: the whole message. */
  | { readonly kind: 'message'; readonly message: Uint8Array }
  /** The same packet again, because its acknowledgement was lost: acknowledge and forget. */
  | { readonly kind: 'repeated' }
  /** A packet out of order, a message beyond {@link messageBytesMax}, or the rest of one: the message is lost. */
  | { readonly kind: 'broken' };

/** Puts the packets of a long message together. A message that lost a packet is lost to its end: its rest is never taken for a message of its own. */
export class Assembly {
  private chunks: Uint8Array[] = [];
  private bytes = 0;
  private last: Packet | null = null;
  private skipping = false;

  /** Takes in the next packet. */
  add(packet: Packet): AssemblyStep {
    if (this.last && this.last.number === packet.number && equalBytes(this.last.chunk, packet.chunk)) return { kind: 'repeated' };
    if (packet.number === 1) this.begin();
    if (this.skipping) {
      this.skipping = packet.number !== 0;
      return { kind: 'broken' };
    }
    this.bytes += packet.chunk.length;
    const inOrder = packet.number === 0 || packet.number === this.chunks.length + 1;
    if (!inOrder || this.bytes > messageBytesMax) return this.lose(packet.number !== 0);
    this.chunks.push(packet.chunk);
    this.last = packet;
    return packet.number === 0 ? { kind: 'message', message: this.finish() } : { kind: 'more' };
  }

  /** Forgets a message that has begun (inter-byte timeout). */
  abandon(): void {
    if (this.chunks.length > 0) this.lose(true);
  }

  private begin(): void {
    this.chunks = [];
    this.bytes = 0;
    this.last = null;
    this.skipping = false;
  }

  private lose(moreToCome: boolean): AssemblyStep {
    this.begin();
    this.skipping = moreToCome;
    return { kind: 'broken' };
  }

  private finish(): Uint8Array {
    const message = concatBytes(this.chunks);
    this.chunks = [];
    this.bytes = 0;
    return message;
  }
}
