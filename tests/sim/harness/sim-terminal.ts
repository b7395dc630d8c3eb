import { Unavailable } from '@kkm/core';
import type { Transport } from '@kkm/core';
import { createInpasTerminal, defaultBehaviour, parseFault } from '@kkm/drivers/terminals';
import type { AttendantAction, Behaviour, Fault, FakeBank, TerminalEffect, TerminalInput } from '@kkm/drivers/terminals';
import type { Scheduler } from './scheduler';
import type { Seeded } from './seeded';
import type { SimProcess } from './sim-process';

/** What a terminal tells. */
export interface TerminalWatch {
  /** The bank may have booked something. */
  handled(): void;
  /** The code on the screen has changed; null: none is shown. */
  shown(terminalId: string, payload: string | null): void;
  /** The terminal begins to ask for a card. */
  asked(terminalId: string): void;
  /** The terminal took the acknowledgement of a result. */
  acknowledged(terminalId: string, by: SimProcess): void;
}

interface Wire {
  open: boolean;
  toWorker: (bytes: Uint8Array) => void;
  closed: () => void;
  /** When the last bytes each way arrive: nothing overtakes. */
  upMs: number;
  downMs: number;
  /** How many writes of the terminal there were, and how many of them the register has taken up. */
  sent: number;
  taken: number;
}

/** A virtual terminal on the scheduler, with the cable that leads to it. */
export class SimTerminal {
  private readonly machine;
  private readonly timers = new Map<string, () => void>();
  private wire: Wire | null = null;
  private cutUntilMs = 0;
  private behaviour: Behaviour = defaultBehaviour;
  private onScreen: string | null = null;
  private asks = false;

  constructor(
    readonly terminalId: string,
    parts: { readonly bank: FakeBank; readonly number: number },
    private readonly around: { readonly scheduler: Scheduler; readonly random: Seeded; readonly watch: TerminalWatch },
  ) {
    const identity = { terminalId, bankTerminalId: `2025000${parts.number}`, merchantId: '111111111', serialNumber: `Q250000000${parts.number}` };
    this.machine = createInpasTerminal({
      identity,
      bank: parts.bank,
      now: () => around.scheduler.nowMs(),
      cardWaitMs: 30_000,
      waitEveryMs: 2_000,
      utcOffsetMinutes: 180,
    });
  }

  /** Changes how guest and terminal behave; faults fire on the next operation. */
  behave(changes: Partial<Omit<Behaviour, 'faults'>>, faults: readonly string[] = []): void {
    const parsed = faults.map((text) => parseFault(text)).filter((fault): fault is Fault => typeof fault !== 'string');
    this.behaviour = { ...this.behaviour, ...changes, faults: parsed };
    this.feed({ kind: 'behaviour', behaviour: this.behaviour });
  }

  /** Staff keys in a payment, or settles the day, if the terminal is free. */
  byHand(action: AttendantAction): void {
    this.feed({ kind: 'attendant', action });
  }

  /** The guest presses the cancel key, where that does something. */
  press(): void {
    if (this.machine.refusalOf('cancel') === null) this.feed({ kind: 'customer', action: 'cancel', card: 'ok' });
  }

  /** Breaks the cable for a while. The terminal goes on with what it does. */
  cut(forMs: number): void {
    this.cutUntilMs = this.around.scheduler.nowMs() + forMs;
    this.drop(this.wire);
  }

  /** Opens a connection for a worker. Throws `Unavailable('terminal.unreachable')` when the terminal does not take it. */
  async connect(process: SimProcess): Promise<Transport> {
    const { scheduler } = this.around;
    await new Promise<void>((resolve) => {
      process.clock.after(this.latencyMs(), resolve);
    });
    if (!this.machine.acceptsConnection || scheduler.nowMs() < this.cutUntilMs) throw new Unavailable('terminal.unreachable');
    const wire: Wire = { open: true, toWorker: () => undefined, closed: () => undefined, upMs: 0, downMs: 0, sent: 0, taken: 0 };
    this.wire = wire;
    this.feed({ kind: 'connected' });
    process.onDeath(() => this.drop(wire));
    return this.transport(wire, process);
  }

  private transport(wire: Wire, process: SimProcess): Transport {
    const { scheduler } = this.around;
    let waiting: Uint8Array[] | null = [];
    wire.toWorker = (bytes) => waiting?.push(bytes);
    return {
      write: (bytes) => {
        if (!wire.open || !process.moving) return false;
        const { taken } = wire;
        wire.upMs = Math.max(wire.upMs, scheduler.nowMs() + this.latencyMs());
        scheduler.after(wire.upMs - scheduler.nowMs(), () => {
          if (wire.open) this.hear(bytes, taken === wire.sent ? process : null);
        });
        return true;
      },
      onData: (listener) => {
        wire.toWorker = (bytes) =>
          process.wake(() => {
            wire.taken += 1;
            listener(bytes);
          });
        for (const bytes of waiting ?? []) wire.toWorker(bytes);
        waiting = null;
      },
      onClose: (listener) => {
        wire.closed = () => scheduler.after(1, () => process.wake(listener));
        if (!wire.open) wire.closed();
      },
      close: () => this.drop(wire),
    };
  }

  /**
   * Acknowledgements carry no number: those of repeated "wait" frames, heard late by a frozen register, are taken by the terminal for that of its result.
   * `informed`: who wrote these bytes after it had taken up everything the terminal sent; only then they say something about the result.
   */
  private hear(bytes: Uint8Array, informed: SimProcess | null): void {
    const awaited = this.machine.awaitsResultAcknowledgement;
    this.feed({ kind: 'bytes', bytes });
    if (informed && awaited && !this.machine.awaitsResultAcknowledgement && bytes[0] === 0x06) this.around.watch.acknowledged(this.terminalId, informed);
  }

  private drop(wire: Wire | null): void {
    if (!wire?.open) return;
    Object.assign(wire, { open: false });
    wire.closed();
    if (this.wire !== wire) return;
    this.wire = null;
    this.around.scheduler.after(this.latencyMs(), () => this.feed({ kind: 'disconnected' }));
  }

  private feed(input: TerminalInput): void {
    const effects = this.machine.handle(input);
    this.around.watch.handled();
    this.look();
    for (const effect of effects) this.perform(effect);
  }

  private look(): void {
    const { qr, state } = this.machine.screen;
    const asked = this.asks;
    this.asks = state === 'card';
    if (this.asks && !asked) this.around.watch.asked(this.terminalId);
    if (qr === this.onScreen) return;
    this.onScreen = qr;
    this.around.watch.shown(this.terminalId, qr);
  }

  private perform(effect: TerminalEffect): void {
    const { scheduler } = this.around;
    switch (effect.kind) {
      case 'send':
        return this.send(effect.bytes);
      case 'drop': {
        const { wire } = this;
        if (wire) scheduler.after(Math.max(0, wire.downMs - scheduler.nowMs()) + 1, () => this.drop(wire));
        return;
      }
      case 'set-timer': {
        this.timers.get(effect.name)?.();
        const fire = (): void => {
          this.timers.delete(effect.name);
          this.feed({ kind: 'timer', name: effect.name });
        };
        this.timers.set(effect.name, scheduler.after(effect.ms, fire));
        return;
      }
      case 'clear-timer':
        this.timers.get(effect.name)?.();
        this.timers.delete(effect.name);
    }
  }

  private send(bytes: Uint8Array): void {
    const { scheduler } = this.around;
    const { wire } = this;
    if (!wire?.open) return;
    wire.sent += 1;
    wire.downMs = Math.max(wire.downMs, scheduler.nowMs() + this.latencyMs());
    scheduler.after(wire.downMs - scheduler.nowMs(), () => {
      if (wire.open) wire.toWorker(bytes);
    });
  }

  private latencyMs(): number {
    return this.around.random.whole(1, 8);
  }
}
