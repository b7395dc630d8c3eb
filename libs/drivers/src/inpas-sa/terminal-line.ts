/* The wire as a terminal uses it: one frame at a time, each until its acknowledgement. */
import { concatBytes } from '@kkm/wire';
import type { TerminalEffect } from '../kit/virtual-terminal';
import { control } from './frames';

/** Times of the terminal's own side of the wire. */
const resendMs = 5_000;
const resendsMax = 2;
const naksMax = 3;
const resendTimer = 'resend';

interface Delivery {
  readonly frames: readonly Uint8Array[];
  readonly done: (delivered: boolean) => void;
}

/** Sends messages frame by frame. A frame that is not acknowledged is sent again behind an EOT, as in the 2019 capture; in the end it is given up. */
export class TerminalLine {
  /** Milliseconds between single bytes; null: whole frames. */
  paceMs: number | null = null;
  private current: (Delivery & { at: number; resends: number; naks: number }) | null = null;
  private damageNext = false;

  constructor(private readonly emit: (effect: TerminalEffect) => void) {}

  /** Whether a message is on its way. */
  get busy(): boolean {
    return this.current !== null;
  }

  /** Begins to deliver a message; there must be none on its way. `before` goes out in the same segment. */
  deliver(frames: readonly Uint8Array[], done: (delivered: boolean) => void, ...before: readonly number[]): void {
    this.current = { frames, done, at: 0, resends: 0, naks: 0 };
    this.sendCurrent(...before);
  }

  /** The next frame goes out once with a wrong CRC. */
  damageNextFrame(): void {
    this.damageNext = true;
  }

  /** A single control byte, or a frame nobody waits for. */
  write(...pieces: readonly (number | Uint8Array)[]): void {
    const bytes = concatBytes(pieces.map((piece) => (typeof piece === 'number' ? Uint8Array.of(piece) : piece)));
    this.emit({ kind: 'send', bytes, everyMs: this.paceMs });
  }

  /** The register acknowledged a frame. */
  acknowledged(): void {
    const { current } = this;
    if (!current) return;
    current.at += 1;
    current.resends = 0;
    current.naks = 0;
    if (current.at < current.frames.length) this.sendCurrent();
    else this.end(true);
  }

  /** The register could not read a frame. */
  refused(): void {
    const { current } = this;
    if (!current) return;
    current.naks += 1;
    if (current.naks > naksMax) this.end(false);
    else this.sendCurrent();
  }

  /** Whether the timer was this one's; then it is dealt with. */
  timer(name: string): boolean {
    if (name !== resendTimer) return false;
    const { current } = this;
    if (!current) return true;
    current.resends += 1;
    if (current.resends > resendsMax) this.end(false);
    else this.sendCurrent(control.eot);
    return true;
  }

  /** The link has gone: what was on its way is lost. */
  cut(): void {
    this.paceMs = null;
    if (this.current) this.end(false);
  }

  private sendCurrent(...before: readonly number[]): void {
    const frame = this.current?.frames[this.current.at];
    if (!frame) return;
    this.write(...before, this.damageNext ? damaged(frame) : frame);
    this.damageNext = false;
    this.emit({ kind: 'set-timer', name: resendTimer, ms: resendMs });
  }

  private end(delivered: boolean): void {
    const { current } = this;
    this.current = null;
    this.emit({ kind: 'clear-timer', name: resendTimer });
    current?.done(delivered);
  }
}

function damaged(frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 0xff;
  return copy;
}
