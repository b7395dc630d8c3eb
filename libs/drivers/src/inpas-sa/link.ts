import { Assembly } from './assembly';
import type { Effects } from './effects';
import { control, decodePacket } from './frames';
import type { Token } from './scanner';
import { Scanner } from './scanner';

/** What the link layer hands up. Whoever takes a `message` decides about its acknowledgement. */
export type LinkEvent =
  | { readonly kind: 'ack' | 'nak' | 'eot' }
  /** Bytes outside any frame: the banner of a terminal that starts. */
  | { readonly kind: 'noise' }
  /** A part of a message came and was acknowledged. */
  | { readonly kind: 'part' }
  /** A whole message with a good CRC, not acknowledged yet. */
  | { readonly kind: 'message'; readonly data: Uint8Array };

const gapTimer = 'gap';

/** The lower half of a session: makes messages of bytes, refuses damaged frames by NAK, acknowledges all packets of a long message but the last, forgets frames that stand still. */
export class Link {
  private readonly scanner = new Scanner();
  private readonly assembly = new Assembly();
  private gapRunning = false;

  constructor(
    private readonly effects: Effects,
    private readonly gapMs: number,
  ) {}

  /** Whether a frame has begun and not ended. */
  get midFrame(): boolean {
    return this.scanner.midFrame;
  }

  /** Takes in bytes. `holdAck`: the last message is being stored, so a repetition of its last packet is not acknowledged either. */
  receive(bytes: Uint8Array, holdAck: () => boolean, handle: (event: LinkEvent) => void): void {
    for (const token of this.scanner.push(bytes)) this.token(token, holdAck, handle);
    if (this.scanner.midFrame) {
      this.gapRunning = true;
      this.effects.start(gapTimer, this.gapMs);
    } else if (this.gapRunning) {
      this.gapRunning = false;
      this.effects.stop(gapTimer);
    }
  }

  /** Whether the timer was this layer's; then it is dealt with. */
  timer(name: string): boolean {
    if (name !== gapTimer) return false;
    this.gapRunning = false;
    this.scanner.reset();
    this.assembly.abandon();
    return true;
  }

  private token(token: Token, holdAck: () => boolean, handle: (event: LinkEvent) => void): void {
    switch (token.kind) {
      case 'ack':
      case 'nak':
      case 'eot':
      case 'noise':
        return handle({ kind: token.kind });
      case 'damaged':
        return this.effects.control(control.nak);
      case 'frame':
        return handle({ kind: 'message', data: token.data });
      case 'packet':
        return this.packet(token.body, holdAck, handle);
    }
  }

  private packet(body: Uint8Array, holdAck: () => boolean, handle: (event: LinkEvent) => void): void {
    const packet = decodePacket(body);
    const step = packet ? this.assembly.add(packet) : { kind: 'broken' as const };
    if (step.kind === 'message') return handle({ kind: 'message', data: step.message });
    if (step.kind === 'more') handle({ kind: 'part' });
    if (step.kind !== 'repeated' || !holdAck()) this.effects.control(control.ack);
  }
}
