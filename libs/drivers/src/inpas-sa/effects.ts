import type { TerminalAnswer } from '@kkm/core';
import type { SessionEffect } from '../kit/session';

/** Collects what a session wants done while it takes in one input. */
export class Effects {
  private list: SessionEffect[] = [];

  /** What was collected since the last call. */
  drain(): readonly SessionEffect[] {
    const drained = this.list;
    this.list = [];
    return drained;
  }

  /** A frame; `financial` ones need the permit. */
  send(bytes: Uint8Array, financial: boolean): void {
    this.list.push({ kind: 'send', bytes, financial });
  }

  /** A single control byte: ACK, NAK or EOT. */
  control(byte: number): void {
    this.send(Uint8Array.of(byte), false);
  }

  /** Starts a timer anew. */
  start(name: string, ms: number): void {
    this.list.push({ kind: 'set-timer', name, ms });
  }

  /** Calls timers off. */
  stop(...names: readonly string[]): void {
    for (const name of names) this.list.push({ kind: 'clear-timer', name });
  }

  /** Ends the running request. */
  answer(answer: TerminalAnswer): void {
    this.list.push({ kind: 'answer', answer });
  }

  /** Asks to make an answer durable. */
  store(answer: TerminalAnswer): void {
    this.list.push({ kind: 'store', answer });
  }

  /** Tells that the terminal is at work. */
  heartbeat(): void {
    this.list.push({ kind: 'heartbeat' });
  }

  /** Ends the connection. */
  close(): void {
    this.list.push({ kind: 'close' });
  }

  /** A line for the log. */
  log(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.list.push({ kind: 'log', message, details });
  }
}
