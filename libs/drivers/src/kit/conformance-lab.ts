import type { Conversation, TerminalAnswer, TerminalRequest, Timers, Transport } from '@kkm/core';
import type { Driver } from './driver';
import { FakeBank } from './fake-bank';
import { FakeSbpBank } from './fake-sbp-bank';
import { parseFault } from './faults';
import type { LabWire, MakeWire, TerminalEnd } from './conformance-wire';
import { memoryWire } from './conformance-wire';
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
  /** What lies between driver and terminal; absent: nothing but the lab's memory. */
  readonly makeWire?: MakeWire;
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
  /** Milliseconds after which the register goes away. */
  readonly closeAfterMs: number | null;
}

/** How long a byte travels. */
const latencyMs = 1;

interface Appointment {
  readonly at: number;
  readonly fire: () => void;
  off: boolean;
}

/** The terminal's view of one connection. */
interface Session {
  /** It takes bytes: it was not dropped, and the register has not gone. */
  open: boolean;
  /** When the last byte sent by the terminal arrives. */
  busyUntil: number;
}

/** A driver and a terminal on a bench: one wire between them, one clock for both, and nothing real unless the subject brings a wire of its own. */
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
  private wire: LabWire | null = null;
  private session: Session | null = null;
  /** Connections whose end is on its way to the register. */
  private dropping = 0;
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
    if (this.terminal.acceptsConnection) this.wire?.ready();
  }

  /** Connects; null when the terminal refuses. */
  async connect(): Promise<Conversation | null> {
    while (this.dropping > 0) await this.step(this.nowMs + latencyMs);
    this.wire ??= await (this.subject.makeWire ?? memoryWire)(this.terminalEnd(), this.timers);
    await this.wire.quiet();
    const transport = await this.wire.connect();
    if (!transport) return null;
    const { driver, profile } = this.subject;
    const noted: Transport = {
      ...ownMembers(transport),
      write: (bytes) => {
        const taken = transport.write(bytes);
        if (taken) this.written.push(bytes);
        return taken;
      },
    };
    return driver.converse({ transport: noted, profile: driver.parseProfile(profile), timers: this.timers, log: () => undefined });
  }

  /** Runs a request to its answer, at most ten minutes of the lab's time. */
  async run(conversation: Conversation, request: TerminalRequest, options: Partial<RunOptions> = {}): Promise<Run> {
    const seen = { asked: 0, sent: 0, heartbeats: 0, stored: [] as TerminalAnswer[], acknowledgedEarly: false };
    let answer: TerminalAnswer | null = null;
    const { maySend = () => true, storeMs = 20, abortAfterMs = null, closeAfterMs = null } = options;
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
        seen.acknowledgedEarly ||= this.session !== null && !this.terminal.awaitsAcknowledgement;
        if (storeMs === null) throw new RangeError('the disk is full');
      },
    });
    void running.then((given) => (answer = given));
    if (abortAfterMs !== null) this.timers.set(abortAfterMs, () => conversation.abort());
    if (closeAfterMs !== null) this.timers.set(closeAfterMs, () => conversation.close());
    const end = this.nowMs + 600_000;
    await this.settle();
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
    await this.settle();
  }

  /** Lets promises that are due run, and bytes arrive. */
  private async settle(): Promise<void> {
    await settle();
    await this.wire?.quiet();
    await settle();
  }

  private terminalEnd(): TerminalEnd {
    const accepts = (): boolean => this.terminal.acceptsConnection;
    return {
      get acceptsConnection() {
        return accepts();
      },
      connected: () => {
        this.session = { open: true, busyUntil: 0 };
        this.feed({ kind: 'connected' });
      },
      bytes: (bytes) => this.feed({ kind: 'bytes', bytes }),
      disconnected: () => {
        if (this.session) this.session.open = false;
        this.session = null;
        this.feed({ kind: 'disconnected' });
      },
    };
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
    const { session } = this;
    if (!session) return;
    const size = everyMs === null ? Math.min(this.chunkBytes, bytes.length) : 1;
    for (let at = 0; at < bytes.length; at += size) {
      session.busyUntil = Math.max(session.busyUntil, this.nowMs + latencyMs) + (everyMs ?? 0);
      const piece = bytes.slice(at, at + size);
      this.timers.set(session.busyUntil - this.nowMs, () => {
        if (session.open) this.wire?.send(piece);
      });
    }
  }

  /** The terminal ends the link, behind what it sent. */
  private dropLink(): void {
    const { session } = this;
    this.session = null;
    if (!session) return;
    this.dropping += 1;
    this.timers.set(Math.max(latencyMs, session.busyUntil - this.nowMs), () => {
      this.dropping -= 1;
      session.open = false;
      this.wire?.drop();
      if (this.terminal.acceptsConnection) this.wire?.ready();
    });
  }
}

/** A transport's members by themselves, bound to it. */
function ownMembers(transport: Transport): Transport {
  return {
    write: (bytes) => transport.write(bytes),
    onData: (listener) => transport.onData(listener),
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  };
}

/** Lets promises that are due run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}
