import { unreachable } from '@kkm/core';
import type { TerminalEffect, TerminalInput, VirtualTerminal } from '@kkm/drivers/terminals';
import type { FarEnd, Line, Place } from './lines/line';

/** A virtual terminal on a line: gives the machine its bytes and its timers. */
export class PlayedTerminal implements FarEnd {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    readonly id: string,
    readonly machine: VirtualTerminal,
    private readonly line: Line,
  ) {}

  /** Where registers find it. */
  get place(): Place {
    return this.line.place;
  }

  /** Whether a register is connected; on a cable, whether it is plugged in. */
  get isConnected(): boolean {
    return this.line.connected;
  }

  get acceptsConnection(): boolean {
    return this.machine.acceptsConnection;
  }

  /** Opens its port. */
  open(): Promise<void> {
    return this.line.open(this);
  }

  connected(): void {
    this.feed({ kind: 'connected' });
  }

  bytes(bytes: Uint8Array): void {
    this.feed({ kind: 'bytes', bytes });
  }

  disconnected(): void {
    this.feed({ kind: 'disconnected' });
  }

  /** Lets something happen to the terminal. */
  feed(input: TerminalInput): void {
    for (const effect of this.machine.handle(input)) this.perform(effect);
    if (this.machine.acceptsConnection) this.line.ready();
  }

  /** Pulls the plug for good. */
  close(): Promise<void> {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    return this.line.close();
  }

  private perform(effect: TerminalEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.line.send(effect.bytes, effect.everyMs);
      case 'drop':
        return this.line.drop();
      case 'set-timer':
        return this.setTimer(effect.name, effect.ms);
      case 'clear-timer':
        clearTimeout(this.timers.get(effect.name));
        this.timers.delete(effect.name);
        return;
      default:
        return unreachable(effect);
    }
  }

  private setTimer(name: string, ms: number): void {
    clearTimeout(this.timers.get(name));
    const fire = (): void => {
      this.timers.delete(name);
      this.feed({ kind: 'timer', name });
    };
    this.timers.set(name, setTimeout(fire, ms));
  }
}
