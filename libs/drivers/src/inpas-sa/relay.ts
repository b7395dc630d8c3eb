import type { Effects } from './effects';
import type { Message } from './fields';
import { encodeFields } from './fields';
import { encodeMessage } from './frames';

/** How often a refusal is sent again because the terminal did not understand it. */
const naksMax = 3;

/** Refuses when the terminal wants the register to be its modem (facts, section 7): KKM gives terminals no way into the network. */
export class Relay {
  private frame: Uint8Array | null = null;
  private naks = 0;

  constructor(private readonly effects: Effects) {}

  /** Sends the refusal; it will be acknowledged like any frame. */
  refuse(reply: Message): void {
    this.frame = encodeMessage(encodeFields(reply))[0] ?? null;
    this.naks = 0;
    this.effects.log('The terminal asked for a network connection through the register; refused.');
    if (this.frame) this.effects.send(this.frame, false);
  }

  /** Sends the last refusal again after a NAK; false when there is none, or it was repeated often enough. */
  repeat(): boolean {
    if (!this.frame || this.naks >= naksMax) return false;
    this.naks += 1;
    this.effects.send(this.frame, false);
    return true;
  }

  /** The request has ended: a NAK that comes now means something else. */
  forget(): void {
    this.frame = null;
  }
}
