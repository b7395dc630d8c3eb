import { exchanges, queues } from '@kkm/contracts';
import { newId, noBankFacts } from '@kkm/core';
import type { AttemptResult, PaymentCommand, TerminalSettings } from '@kkm/core';
import { FakeBank } from '@kkm/drivers/terminals';
import { MemoryLedgerStore } from '@kkm/flow/testing';
import { MemoryServer } from '@kkm/messaging/testing';
import { verdictOf } from '@kkm/core';
import { Auditor } from './auditor';
import type { Defect } from './defects';
import { processNames } from './plan';
import type { Plan, PlannedFault, ProcessName } from './plan';
import { Scheduler } from './scheduler';
import { schemaRules } from './schema';
import { Seeded } from './seeded';
import { startGateway } from './sim-gateway';
import type { SimGateway } from './sim-gateway';
import { Disk } from './sim-journal';
import { startLedger } from './sim-ledger';
import { SimProcess } from './sim-process';
import { SimTerminal } from './sim-terminal';
import { siteId, startWorker } from './sim-worker';

/** When every simulation begins: a fixed moment of 2026. */
export const beginMs = Date.UTC(2026, 10, 23, 9, 0, 0);

const restartMs = 1_000;

/** Everything of one history: broker, database, bank, terminals, processes, and their one clock. */
export class World {
  readonly scheduler = new Scheduler(beginMs);
  readonly random: Seeded;
  readonly server: MemoryServer;
  readonly bank: FakeBank;
  readonly store: MemoryLedgerStore;
  readonly auditor: Auditor;
  readonly terminals = new Map<string, SimTerminal>();
  /** The gateway that takes requests now; null while there is none. */
  gateway: SimGateway | null = null;
  /** How many faults happened, by kind. */
  readonly happened: string[] = [];
  private readonly processes = new Map<ProcessName, SimProcess>();
  private readonly lives = new Map<ProcessName, number>();
  private readonly operations = new Map<ProcessName, number>();
  private readonly disks = new Map<ProcessName, Disk>();
  private readonly commands: PaymentCommand[] = [];
  private readonly results: AttemptResult[] = [];
  private databaseDownUntilMs = 0;
  private slowUntilMs = 0;
  private slowByMs = 0;
  private readonly settings: readonly TerminalSettings[];
  private readonly due: PlannedFault[];

  constructor(
    readonly plan: Plan,
    private readonly defect: Defect,
  ) {
    this.random = new Seeded(plan.seed + 1_000_003);
    this.due = [...plan.faults];
    const { scheduler, random } = this;
    this.server = new MemoryServer({
      clock: scheduler,
      latencyMs: () => random.whole(0, 3) + (scheduler.nowMs() < this.slowUntilMs ? random.whole(0, this.slowByMs) : 0),
    });
    this.bank = new FakeBank(() => scheduler.nowMs());
    const pause = (): Promise<void> => new Promise((resolve) => void scheduler.after(random.whole(0, 4), resolve));
    this.store = new MemoryLedgerStore({ rules: defect.rules?.(schemaRules) ?? schemaRules, betweenReadAndWrite: pause });
    defect.recovery?.(this.store.recovery);
    const judge = defect.verdict?.(verdictOf) ?? verdictOf;
    this.auditor = new Auditor({ store: this.store, bank: this.bank, judge, nowMs: () => scheduler.nowMs(), parked: () => this.parked() });
    const watch = { handled: () => this.auditor.lookAtBank(), acknowledged: (terminalId: string, by: SimProcess) => this.auditor.acknowledged(terminalId, by) };
    for (const number of [1, 2]) {
      const terminal = new SimTerminal(`pax-${number}`, { bank: this.bank, number }, { scheduler, random, watch });
      terminal.behave({ personality: plan.personality, delayMs: random.whole(50, 3_000) });
      this.terminals.set(terminal.terminalId, terminal);
    }
    this.settings = [...this.terminals.keys()].map(settingsOf);
  }

  /** Starts all processes. */
  begin(): void {
    for (const name of processNames) this.start(name);
    for (const fault of this.due) if ('atMs' in fault) this.scheduler.after(fault.atMs, () => this.strike(fault));
  }

  /** Ends everything that is broken: what is left is to come to rest. */
  heal(): void {
    this.due.length = 0;
    this.databaseDownUntilMs = 0;
    this.slowUntilMs = 0;
    for (const terminal of this.terminals.values()) terminal.behave({ auto: 'approve' });
    for (const process of this.processes.values()) process.thaw();
  }

  /** Whether nothing waits: no message in a queue, no entry in a journal, no attempt without an end, no person's decision without the terminal's answer. */
  isAtRest(): boolean {
    if (!this.auditor.allFinal() || [...this.disks.values()].some((disk) => disk.entries.size > 0)) return false;
    if (this.store.recovery.awaitsAnswers()) return false;
    return [queues.ledgerResults, 'terminal.club-1.pax-1', 'terminal.club-1.pax-2'].every((name) => (this.server.waiting(name) ?? []).length === 0);
  }

  private start(name: ProcessName): void {
    const life = (this.lives.get(name) ?? 0) + 1;
    this.lives.set(name, life);
    const process = new SimProcess(name, life, this, () => this.countOperation(name));
    this.processes.set(name, process);
    const starting = this.run(name, process);
    // A service that cannot start is started again by whoever watches over it.
    starting.catch((error: unknown) => {
      this.scheduler.mark(`${name} did not start: ${String(error)}`);
      if (process.alive) this.kill(name, restartMs);
    });
  }

  private async run(name: ProcessName, process: SimProcess): Promise<void> {
    const { auditor, random, defect, store } = this;
    if (name === 'gateway') {
      this.gateway = null;
      this.gateway = await startGateway(process, this.settings, (command) => this.commands.push(command));
      return;
    }
    if (name === 'ledger')
      return startLedger(process, { store, auditor, random, defect, databaseIsUp: () => this.scheduler.nowMs() >= this.databaseDownUntilMs });
    const disk = this.disks.get(name) ?? new Disk();
    this.disks.set(name, disk);
    await startWorker(process, { disk, terminals: this.terminals, auditor, random, defect, resultSent: (result) => this.results.push(result) });
  }

  private kill(name: ProcessName, downMs: number): void {
    this.processes.get(name)?.crash();
    if (name === 'gateway') this.gateway = null;
    this.scheduler.after(downMs, () => this.start(name));
  }

  /** Counts a use of a port; true when the process is to die at it. */
  private countOperation(name: ProcessName): boolean {
    const count = (this.operations.get(name) ?? 0) + 1;
    this.operations.set(name, count);
    const at = this.due.findIndex((fault) => 'operation' in fault && fault.process === name && fault.operation === count);
    const fault = this.due[at];
    if (!fault || !('operation' in fault)) return false;
    this.note(fault);
    if (fault.kind === 'freeze-soon') {
      this.freeze(name, fault.forMs);
      return false;
    }
    if (name === 'gateway') this.gateway = null;
    this.scheduler.after(fault.downMs, () => this.start(name));
    return true;
  }

  private strike(fault: Exclude<PlannedFault, { kind: 'crash' | 'freeze-soon' }>): void {
    if (!this.due.includes(fault)) return;
    this.note(fault);
    const { scheduler, server } = this;
    switch (fault.kind) {
      case 'freeze':
        return this.freeze(fault.process, fault.forMs);
      case 'cut': {
        const process = this.processes.get(fault.process);
        return process?.alive ? server.cut(process.connectionName) : undefined;
      }
      case 'restart-broker':
        return server.restart();
      case 'cable':
        return this.terminal(fault.terminal)?.cut(fault.forMs);
      case 'terminal':
        return this.terminal(fault.terminal)?.behave({ auto: fault.guest }, fault.faults);
      case 'duplicate':
        return this.duplicate(fault.what);
      case 'slow':
        this.slowUntilMs = scheduler.nowMs() + fault.forMs;
        this.slowByMs = fault.byMs;
        return;
      case 'database':
        this.databaseDownUntilMs = scheduler.nowMs() + fault.forMs;
        return;
      case 'by-hand':
        if (fault.amount === null) this.auditor.settledByHand.add(`pax-${fault.terminal + 1}`);
        return this.terminal(fault.terminal)?.byHand(fault.amount === null ? { kind: 'settle' } : { kind: 'sale', amountMinor: fault.amount });
      case 'stray':
        return this.tellOfStranger(`pax-${fault.terminal + 1}`, fault.amount);
      case 'late-approval':
        return this.approveLate();
    }
  }

  private freeze(name: ProcessName, forMs: number): void {
    const process = this.processes.get(name);
    process?.freeze();
    this.scheduler.after(forMs, () => process?.thaw());
  }

  private terminal(number: number): SimTerminal | undefined {
    return this.terminals.get(`pax-${number + 1}`);
  }

  /** A message arrives twice: its publisher got no confirm and sent it again. */
  private duplicate(what: 'command' | 'result'): void {
    const command = this.random.pick([this.commands.at(-1), this.commands[0]]);
    const result = this.random.pick([this.results.at(-1), this.results[0]]);
    if (what === 'command' && command)
      this.publish({ exchange: exchanges.commands, routingKey: `${siteId}.${command.terminalId}`, body: command, id: command.attemptId });
    if (what === 'result' && result) this.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body: result, id: result.resultId });
  }

  /** A terminal contradicts itself: it said no, and later its bank has the money. The result arrives when the attempt is long final. */
  private approveLate(): void {
    const refused = this.results.filter(({ outcome }) => outcome.kind === 'declined' || outcome.kind === 'failed' || outcome.kind === 'cancelled');
    const settled = refused.filter(({ attemptId, nonce }) => nonce !== null && this.store.books.attempts.get(attemptId)?.shown.finishedAt);
    const result = settled.at(-1);
    const amount = result && this.store.books.attempts.get(result.attemptId)?.shown.amount;
    if (!result || amount === undefined || this.auditor.contradicted.has(result.attemptId)) return;
    this.auditor.contradicted.add(result.attemptId);
    const reference = this.auditor.referenceOf(result.attemptId);
    const answer = this.bank.sale({ terminalId: result.terminalId, amountMinor: amount, card: 'ok', reference });
    if (!answer.approved) return;
    const facts = { ...result.outcome.facts, rrn: answer.transaction.rrn, authorisationCode: answer.transaction.authorisationCode };
    const body: AttemptResult = { ...result, resultId: `${result.resultId}late`, outcome: { kind: 'approved', chargedMinor: amount, facts } };
    this.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body, id: body.resultId });
  }

  /** A result of an attempt that the ledger never heard of: the charge must be kept for a person. */
  private tellOfStranger(terminalId: string, amount: number): void {
    const { random } = this;
    const now = this.scheduler.nowMs();
    const { rrn, authorisationCode } = this.bank.foreignSale(terminalId, amount);
    const id = (prefix: 'att' | 'pay' | 'res' | 'worker' | 'nonce'): string => newId(prefix, now, random.bytes);
    const outcome = { kind: 'approved', chargedMinor: amount, facts: { ...noBankFacts, rrn, authorisationCode } } as const;
    const ids = { resultId: id('res'), attemptId: id('att'), paymentId: id('pay'), workerId: id('worker'), nonce: id('nonce') };
    const body: AttemptResult = { ...ids, siteId, terminalId, outcome, readFailures: 0, source: 'answer', at: new Date(now).toISOString() };
    this.auditor.strays.add(body.resultId);
    this.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body, id: body.resultId });
  }

  private publish(message: { readonly exchange: string; readonly routingKey: string; readonly body: unknown; readonly id: string }): void {
    const { exchange, routingKey, body, id } = message;
    const content = Buffer.from(JSON.stringify(body));
    this.server.publish(
      { exchange, routingKey, content, properties: { messageId: id, userId: 'kkm', contentType: 'application/json' }, persistent: true, mandatory: false },
      'kkm',
    );
  }

  private parked(): readonly string[] {
    return (this.server.waiting(queues.parked) ?? []).map(({ content }) => content.toString());
  }

  private note(fault: PlannedFault): void {
    this.happened.push(fault.kind);
    this.scheduler.mark(fault.kind);
  }
}

function settingsOf(terminalId: string): TerminalSettings {
  return {
    terminalId,
    siteId,
    name: terminalId,
    driver: 'inpas-sa',
    transport: { kind: 'tcp', mode: 'connect', host: '127.0.0.1', port: 5201 },
    profile: { cardWaitMs: 30_000 },
    readAttemptsMax: 3,
    enabled: true,
    revision: 1,
  };
}
