import type { KeptRequest, Outcome, PaymentCommand, Progress, TerminalSettings } from '@kkm/core';
import type { Disposition, Equipment, SiteTerminals, TerminalQueues, WorkerNote, WorkerWatch } from '../worker/ports';
import { Worker } from '../worker/worker';
import { workerTimes, type WorkerTimes } from '../worker/worker-times';
import { VirtualClock } from './worker-clock';
import { FakeDesk } from './worker-desk';
import { MemoryJournal } from './worker-journal';
import { FakeLedger } from './worker-ledger';
import { FakeTerminal } from './worker-terminal';

/** Remembers what it watched. */
export class RecordingWatch implements WorkerWatch {
  readonly notes: WorkerNote[] = [];
  readonly outcomes: Outcome[] = [];
  readonly refusals: string[] = [];
  readonly linked_ = new Map<string, boolean>();
  readFailures = 0;

  span<A>(_name: string, _command: PaymentCommand, work: () => Promise<A>): Promise<A> {
    return work();
  }
  queueWaited(): void {
    return;
  }
  terminalWorked(): void {
    return;
  }
  readFailed(): void {
    this.readFailures += 1;
  }
  finished(_command: PaymentCommand, outcome: Outcome): void {
    this.outcomes.push(outcome);
  }
  permitRefused(kind: string): void {
    this.refusals.push(kind);
  }
  linked(terminalId: string, linked: boolean): void {
    this.linked_.set(terminalId, linked);
  }
  note(what: WorkerNote): void {
    this.notes.push(what);
  }
}

/** The gateway's answer about a site. */
export class FakeEquipment implements Equipment {
  revision = 1;
  /** Link tests of new terminals that wait. */
  linkTests: readonly string[] = [];
  constructor(public terminals: readonly TerminalSettings[]) {}

  /** Replaces the list. */
  change(terminals: readonly TerminalSettings[]): void {
    this.revision += 1;
    this.terminals = terminals;
  }

  ofSite({ knownRevision }: { readonly knownRevision: number | null }): Promise<SiteTerminals> {
    return Promise.resolve({ revision: this.revision, terminals: knownRevision === this.revision ? null : this.terminals, linkTests: this.linkTests });
  }
}

/** Queues that only remember who is subscribed, in order. Shared by the workers of a test. */
export class FakeQueues {
  readonly log: string[] = [];
  /** Who hears the hints of a terminal. */
  readonly hearers = new Map<string, string>();
  private readonly subscribed = new Map<string, string[]>();

  /** The queues as one worker sees them. `drain` stands for its running handlers. */
  of(workerId: string, drain: () => Promise<void> = () => Promise.resolve()): TerminalQueues {
    return {
      subscribe: (terminalId, queue) => {
        if (queue === 'hints') return this.hear(terminalId, workerId);
        this.subscribers(terminalId).push(workerId);
        this.log.push(`${workerId} subscribes ${terminalId}`);
        return Promise.resolve({
          cancel: async () => {
            await drain();
            this.subscribers(terminalId).splice(this.subscribers(terminalId).indexOf(workerId), 1);
            this.log.push(`${workerId} cancels ${terminalId}`);
          },
        });
      },
    };
  }

  private hear(terminalId: string, workerId: string): Promise<{ cancel(): Promise<void> }> {
    this.hearers.set(terminalId, workerId);
    const cancel = (): Promise<void> => {
      if (this.hearers.get(terminalId) === workerId) this.hearers.delete(terminalId);
      return Promise.resolve();
    };
    return Promise.resolve({ cancel });
  }

  /** The single active consumer of a terminal's queue. */
  activeOn(terminalId: string): string | null {
    return this.subscribers(terminalId)[0] ?? null;
  }

  /** Who is subscribed to a terminal's queue, first come first. */
  subscribers(terminalId: string): string[] {
    const list = this.subscribed.get(terminalId) ?? [];
    this.subscribed.set(terminalId, list);
    return list;
  }
}

/** A terminal's settings for tests. */
export function someTerminal(terminalId = 'pax-1', change: Partial<TerminalSettings> = {}): TerminalSettings {
  return {
    terminalId,
    siteId: 'club-1',
    name: terminalId,
    driver: 'fake',
    transport: { kind: 'tcp', mode: 'connect', host: '127.0.0.1', port: 5201 },
    profile: {},
    readAttemptsMax: 3,
    enabled: true,
    revision: 1,
    ...change,
  };
}

/** A sale of 150.00 on `pax-1` that expires three minutes after `clock`'s now. */
export function someCommand(clock: VirtualClock, attemptId = 'att-1', change: Partial<PaymentCommand> = {}): PaymentCommand {
  return {
    attemptId,
    paymentId: `pay-of-${attemptId}`,
    siteId: 'club-1',
    terminalId: 'pax-1',
    operation: 'sale',
    method: 'card',
    amount: 15_000,
    currency: 'RUB',
    expiresAt: new Date(clock.wallMs() + 180_000).toISOString(),
    original: null,
    ...change,
  };
}

/** What may differ from a bench to the next. */
export interface BenchOptions {
  readonly workerId?: string;
  readonly clock?: VirtualClock;
  readonly ledger?: FakeLedger;
  readonly terminal?: FakeTerminal;
  readonly journal?: MemoryJournal;
  readonly equipment?: FakeEquipment;
  readonly queues?: TerminalQueues;
  readonly times?: Partial<WorkerTimes>;
}

/** One worker with everything it touches in memory, on a virtual clock. Parts given are shared with another bench, as after a restart. */
export class WorkerBench {
  readonly clock: VirtualClock;
  readonly ledger: FakeLedger;
  readonly terminal: FakeTerminal;
  readonly journal: MemoryJournal;
  readonly equipment: FakeEquipment;
  readonly desk = new FakeDesk();
  readonly watch = new RecordingWatch();
  readonly progress: Progress[] = [];
  readonly worker: Worker;
  private drawn = 0;

  constructor(readonly options: BenchOptions = {}) {
    const workerId = options.workerId ?? 'worker-1';
    this.clock = options.clock ?? new VirtualClock();
    this.ledger = options.ledger ?? new FakeLedger(this.clock);
    this.terminal = options.terminal ?? new FakeTerminal(this.clock);
    this.journal = options.journal ?? new MemoryJournal();
    this.equipment = options.equipment ?? new FakeEquipment([someTerminal()]);
    if (!this.ledger.members.includes(workerId)) this.ledger.members.push(workerId);
    this.worker = new Worker({
      workerId,
      siteId: 'club-1',
      clock: this.clock,
      ids: { draw: (prefix) => `${prefix}-${workerId}-${(this.drawn += 1)}` },
      ledger: this.ledger,
      equipment: this.equipment,
      journal: this.journal,
      links: this.terminal,
      queues: options.queues ?? new FakeQueues().of(workerId),
      results: this.ledger,
      requests: this.desk,
      progress: { publish: (progress) => this.progress.push(progress) },
      watch: this.watch,
      times: { ...workerTimes, ...options.times },
    });
  }

  /** Starts the worker. */
  async start(): Promise<this> {
    await this.clock.until(this.worker.start());
    return this;
  }

  /** Asks something of `pax-1` outside of payments and tells the worker. */
  async ask(requestId: string, kind: KeptRequest['kind'], detailed = false): Promise<void> {
    this.desk.ask(requestId, kind, detailed);
    await this.worker.hint({ kind: 'request', siteId: 'club-1', terminalId: 'pax-1', requestId });
  }

  /** Begins to handle a delivery of `command`, opened in the ledger first unless it is known there. */
  deliver(command: PaymentCommand): Promise<Disposition> {
    return this.worker.handle(command.terminalId, command);
  }

  /** Handles a delivery to its end. */
  async handled(command: PaymentCommand): Promise<Disposition> {
    return await this.clock.until(this.deliver(command));
  }

  /** Opens a sale and handles its delivery to its end. */
  async paid(attemptId = 'att-1', change: Partial<PaymentCommand> = {}): Promise<Disposition> {
    const command = someCommand(this.clock, attemptId, change);
    this.ledger.open(command);
    return await this.handled(command);
  }

  /** The steps of progress that were published. */
  get steps(): readonly string[] {
    return this.progress.map(({ step }) => step);
  }
}
