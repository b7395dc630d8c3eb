import type { Conversation, TerminalAnswer, TerminalRequest, Timers, Transport } from '@kkm/core';
import type { Driver } from './driver';
import { FakeBank } from './fake-bank';
import { FakeSbpBank } from './fake-sbp-bank';
import { parseFault } from './faults';
import type { Behaviour, TerminalEffect, TerminalInput, VirtualTerminal } from './virtual-terminal';
import { defaultBehaviour } from './virtual-terminal';

/** What is put to the test: a driver, and the terminal side of the same protocol. */
export interface ConformanceSubject {
  readonly driver: Driver;
  readonly profile: Readonly<Record<string, unknown>>;
  /** A profile under which the terminal runs SBP itself; absent where the protocol has nothing of the kind. */
  readonly sbpProfile?: Readonly<Record<string, unknown>>;
  /** A terminal named `pax-1` that waits 60 s for a card. */
  makeTerminal(parts: { readonly bank: FakeBank; readonly sbpBank: FakeSbpBank; readonly now: () => number }): VirtualTerminal;
}

/** How a run of one request went. */
export interface Run {
  readonly answer: TerminalAnswer;
  /** How often the asker was asked whether it may still send. */
  readonly asked: number;
  /** How often financial bytes were handed over. */
  readonly sent: number;
  readonly heartbeats: number;
  /** What was made durable, in order. */
  readonly stored: readonly TerminalAnswer[];
  /** The terminal took the result for delivered before it was durable. */
  readonly acknowledgedEarly: boolean;
}

/** What the asker does while a request runs. */
export interface RunOptions {
  readonly maySend: () => boolean;
  /** How long it takes to make an answer durable; null: it fails. */
  readonly storeMs: number | null;
  /** Milliseconds after which the register asks the terminal to stop. */
  readonly abortAfterMs: number | null;
}

/** How long a byte travels. */
const latencyMs = 1;

interface Appointment {
  readonly at: number;
  readonly fire: () => void;
  off: boolean;
}

interface Link {
  open: boolean;
  onData: (bytes: Uint8Array) => void;
  onClose: () => void;
  /** When the last byte sent by the terminal arrives. */
  busyUntil: number;
}

/** A driver and a terminal on a bench: one wire between them, one clock for both, and nothing real. */
export class Lab {
  readonly bank: FakeBank;
  readonly sbpBank: FakeSbpBank;
  readonly terminal: VirtualTerminal;
  /** Bytes handed over by the driver, call by call. */
  readonly written: Uint8Array[] = [];
  /** Milliseconds since 1970. */
  nowMs = Date.UTC(2026, 0, 15, 10, 0, 0);
  /** In the order of their time. */
  private readonly appointments: Appointment[] = [];
  private link: Link | null = null;
  private readonly terminalTimers = new Map<string, () => void>();

  /** @param chunkBytes the terminal's bytes reach the driver in pieces of at most this size. */
  constructor(
    readonly subject: ConformanceSubject,
    private readonly chunkBytes = Infinity,
  ) {
    const now = (): number => this.nowMs;
    this.bank = new FakeBank(now);
    this.sbpBank = new FakeSbpBank(this.bank, now);
    this.terminal = subject.makeTerminal({ bank: this.bank, sbpBank: this.sbpBank, now });
  }

  /** Replaces the terminal's behaviour; faults by name. */
  behave(changes: Partial<Omit<Behaviour, 'faults'>> & { readonly faults?: readonly string[] }): void {
    const faults = (changes.faults ?? []).map((text) => {
      const fault = parseFault(text);
      if (typeof fault === 'string') throw new RangeError(fault);
      return fault;
    });
    this.feed({ kind: 'behaviour', behaviour: { ...defaultBehaviour, ...changes, faults } });
  }

  /** Lets something happen to the terminal. */
  feed(input: TerminalInput): void {
    for (const effect of this.terminal.handle(input)) this.perform(effect);
  }

  /** Connects; null when the terminal refuses. */
  connect(): Conversation | null {
    if (!this.terminal.acceptsConnection) return null;
    const link: Link = { open: true, onData: () => undefined, onClose: () => undefined, busyUntil: 0 };
    this.link = link;
    const { driver, profile } = this.subject;
    const conversation = driver.converse({ transport: this.transport(link), profile: driver.parseProfile(profile), timers: this.timers, log: () => undefined });
    this.feed({ kind: 'connected' });
    return conversation;
  }

  /** Runs a request to its answer, at most ten minutes of the lab's time. */
  async run(conversation: Conversation, request: TerminalRequest, options: Partial<RunOptions> = {}): Promise<Run> {
    const seen = { asked: 0, sent: 0, heartbeats: 0, stored: [] as TerminalAnswer[], acknowledgedEarly: false };
    let answer: TerminalAnswer | null = null;
    const { maySend = () => true, storeMs = 20, abortAfterMs = null } = options;
    const running = conversation.run(request, {
      mayStillSend: () => {
        seen.asked += 1;
        return maySend();
      },
      onSent: () => (seen.sent += 1),
      onHeartbeat: () => (seen.heartbeats += 1),
      store: async (stored) => {
        seen.stored.push(stored);
        await new Promise<void>((resolve) => this.timers.set(storeMs ?? 20, resolve));
        seen.acknowledgedEarly ||= this.link !== null && !this.terminal.awaitsAcknowledgement;
        if (storeMs === null) throw new RangeError('the disk is full');
      },
    });
    void running.then((given) => (answer = given));
    if (abortAfterMs !== null) this.timers.set(abortAfterMs, () => conversation.abort());
    const end = this.nowMs + 600_000;
    await settle();
    while (answer === null && this.nowMs < end) await this.step(end);
    return { ...seen, answer: answer ?? { kind: 'unknown', why: 'no answer in ten minutes' } };
  }

  /** Lets time pass. */
  async wait(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    while (this.nowMs < end) await this.step(end);
  }

  private readonly timers: Timers = {
    set: (ms, fire) => {
      const appointment: Appointment = { at: this.nowMs + ms, fire, off: false };
      // Behind everything that is due at the same moment.
      const before = this.appointments.findLastIndex((other) => other.at <= appointment.at);
      this.appointments.splice(before + 1, 0, appointment);
      return () => {
        appointment.off = true;
      };
    },
  };

  private async step(end: number): Promise<void> {
    const next = this.appointments[0];
    if (!next || next.at > end) {
      this.nowMs = end;
      return;
    }
    this.appointments.shift();
    if (next.off) return;
    this.nowMs = Math.max(this.nowMs, next.at);
    next.fire();
    await settle();
  }

  private transport(link: Link): Transport {
    return {
      write: (bytes) => {
        if (!link.open) return false;
        this.written.push(bytes);
        this.timers.set(latencyMs, () => {
          if (this.link === link) this.feed({ kind: 'bytes', bytes });
        });
        return true;
      },
      onData: (listener) => (link.onData = listener),
      onClose: (listener) => (link.onClose = listener),
      close: () => this.cut(link),
    };
  }

  /** The register ends the link. */
  private cut(link: Link): void {
    if (!link.open) return;
    link.open = false;
    if (this.link === link) {
      this.link = null;
      this.feed({ kind: 'disconnected' });
    }
    this.timers.set(0, () => link.onClose());
  }

  private perform(effect: TerminalEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.deliver(effect.bytes, effect.everyMs);
      case 'drop':
        return this.dropLink();
      case 'set-timer':
        this.terminalTimers.get(effect.name)?.();
        this.terminalTimers.set(
          effect.name,
          this.timers.set(effect.ms, () => this.feed({ kind: 'timer', name: effect.name })),
        );
        return;
      case 'clear-timer':
        this.terminalTimers.get(effect.name)?.();
        return;
    }
  }

  private deliver(bytes: Uint8Array, everyMs: number | null): void {
    const { link } = this;
    if (!link) return;
    const size = everyMs === null ? Math.min(this.chunkBytes, bytes.length) : 1;
    for (let at = 0; at < bytes.length; at += size) {
      link.busyUntil = Math.max(link.busyUntil, this.nowMs + latencyMs) + (everyMs ?? 0);
      const piece = bytes.slice(at, at + size);
      this.timers.set(link.busyUntil - this.nowMs, () => {
        if (link.open) link.onData(piece);
      });
    }
  }

  /** The terminal ends the link, behind what it sent. */
  private dropLink(): void {
    const { link } = this;
    this.link = null;
    if (!link) return;
    this.timers.set(Math.max(latencyMs, link.busyUntil - this.nowMs), () => {
      link.open = false;
      link.onClose();
    });
  }
}

/** Lets promises that are due run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
