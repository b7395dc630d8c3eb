import { check, unreachable } from '@kkm/core';
import type { Conversation, ConversationHooks, TerminalAnswer, TerminalRequest, Timers, Transport } from '@kkm/core';
import type { DriverLog } from './driver';
import type { Session, SessionEffect, SessionInput } from './session';

/** What {@link pump} joins. */
export interface PumpParts {
  readonly transport: Transport;
  readonly session: Session;
  readonly timers: Timers;
  readonly log: DriverLog;
}

/** Joins a session to a transport: the only place where a dialogue's decisions become bytes and timers. */
export function pump(parts: PumpParts): Conversation {
  return new PumpedConversation(parts);
}

interface RunningRequest {
  readonly hooks: ConversationHooks;
  readonly resolve: (answer: TerminalAnswer) => void;
}

class PumpedConversation implements Conversation {
  readonly closed: Promise<void>;
  private ended = false;
  private running: RunningRequest | null = null;
  private readonly inputs: SessionInput[] = [];
  private feeding = false;
  private readonly clearers = new Map<string, () => void>();

  constructor(private readonly parts: PumpParts) {
    this.closed = new Promise((resolve) => {
      parts.transport.onClose((why) => {
        this.ended = true;
        if (why !== undefined) parts.log({ message: 'The link was lost.', details: { why }, notable: true });
        this.feed({ kind: 'closed' });
        for (const clear of this.clearers.values()) clear();
        this.clearers.clear();
        resolve();
      });
    });
    parts.transport.onData((bytes) => this.feed({ kind: 'bytes', bytes }));
  }

  run(request: TerminalRequest, hooks: ConversationHooks): Promise<TerminalAnswer> {
    check(!this.running, 'a conversation runs one request at a time');
    if (this.ended) return Promise.resolve({ kind: 'not-sent' });
    return new Promise((resolve) => {
      this.running = { hooks, resolve };
      this.feed({ kind: 'request', request });
    });
  }

  abort(): void {
    if (this.running) this.feed({ kind: 'abort' });
  }

  close(): void {
    this.parts.transport.close();
  }

  /** Hands inputs to the session one after the other, also those that its own effects cause. */
  private feed(input: SessionInput): void {
    this.inputs.push(input);
    if (this.feeding) return;
    this.feeding = true;
    try {
      for (let next = this.inputs.shift(); next; next = this.inputs.shift()) {
        for (const effect of this.parts.session.handle(next)) this.perform(effect);
      }
    } finally {
      this.feeding = false;
    }
  }

  private perform(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.send(effect.bytes, effect.financial);
      case 'set-timer':
        return this.setTimer(effect.name, effect.ms);
      case 'clear-timer':
        return this.clearTimer(effect.name);
      case 'heartbeat':
        return this.running?.hooks.onHeartbeat();
      case 'store':
        return this.store(effect.answer);
      case 'answer':
        return this.answer(effect.answer);
      case 'close':
        return this.parts.transport.close();
      case 'log':
        return this.parts.log({ message: effect.message, details: effect.details });
      default:
        return unreachable(effect);
    }
  }

  private send(bytes: Uint8Array, financial: boolean): void {
    if (!financial) {
      this.parts.transport.write(bytes); // Refused only when the link is going; `closed` follows.
      return;
    }
    check(this.running, 'financial bytes belong to a request');
    const { hooks } = this.running;
    if (!hooks.mayStillSend() || !this.parts.transport.write(bytes)) {
      this.inputs.unshift({ kind: 'withheld' });
      return;
    }
    hooks.onSent();
  }

  private store(answer: TerminalAnswer): void {
    check(this.running, 'an answer belongs to a request');
    this.running.hooks.store(answer).then(
      () => this.feed({ kind: 'stored' }),
      (cause: unknown) => {
        this.parts.log({ message: 'The result could not be stored; it stays unacknowledged.', details: { cause: String(cause) } });
        this.feed({ kind: 'store-failed' });
      },
    );
  }

  private answer(answer: TerminalAnswer): void {
    check(this.running, 'an answer belongs to a request');
    const { resolve } = this.running;
    this.running = null;
    resolve(answer);
  }

  private setTimer(name: string, ms: number): void {
    this.clearers.get(name)?.();
    const clear = this.parts.timers.set(ms, () => {
      this.clearers.delete(name);
      this.feed({ kind: 'timer', name });
    });
    this.clearers.set(name, clear);
  }

  private clearTimer(name: string): void {
    this.clearers.get(name)?.();
    this.clearers.delete(name);
  }
}
