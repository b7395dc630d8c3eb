import { exchanges, queues } from '@kkm/contracts';
import type { AttemptResult, PaymentCommand, SbpWay, TerminalSettings } from '@kkm/core';
import { FakeBank } from '@kkm/drivers/terminals';
import { MemoryLedgerStore } from '@kkm/flow/testing';
import { MemoryServer } from '@kkm/messaging/testing';
import { verdictOf } from '@kkm/core';
import { Auditor } from './auditor';
import { BankAlone } from './bank-alone';
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
import type { ReturnDoor } from './sim-returns';
import { SimSbp } from './sim-sbp';
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
  /** Where money is given back; null while there is no ledger. */
  ledger: ReturnDoor | null = null;
  /** How many faults happened, by kind. */
  readonly happened: string[] = [];
  private readonly processes = new Map<ProcessName, SimProcess>();
  private readonly lives = new Map<ProcessName, number>();
  private readonly operations = new Map<ProcessName, number>();
  private readonly disks = new Map<ProcessName, Disk>();
  private readonly commands: PaymentCommand[] = [];
  private readonly results: AttemptResult[] = [];
  private readonly bankAlone: BankAlone;
  /** Null where nobody pays by SBP. */
  readonly sbp: SimSbp | null;
  private paceMs = 0;
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
    const watch = {
      handled: () => this.auditor.lookAtBank(),
      shown: (terminalId: string, payload: string | null) => this.sbp?.shown(terminalId, payload),
      asked: (terminalId: string) => this.sbp?.asked(terminalId),
      acknowledged: (terminalId: string, by: SimProcess) => this.auditor.flights.acknowledged(terminalId, by),
    };
    for (const number of [1, 2]) {
      const terminal = new SimTerminal(`pax-${number}`, { bank: this.bank, number }, { scheduler, random, watch });
      terminal.behave({ personality: plan.personality, delayMs: random.whole(50, 3_000) });
      this.terminals.set(terminal.terminalId, terminal);
    }
    this.bankAlone = new BankAlone({ ...this, tell: (result) => this.tell(result) });
    this.settings = [...this.terminals.keys()].map(settingsOf);
    this.sbp = plan.sbp ? new SimSbp(plan.sbp, this) : null;
  }

  /** Whether banks did nothing that their terminals do not know of: what a terminal shows as its last operation then was its last. */
  get terminalsKnowTheirLast(): boolean {
    return this.auditor.contradicted.size === 0 && this.bankAlone.told === 0;
  }

  /** Starts all processes. */
  begin(): void {
    for (const name of processNames) this.start(name);
    if (this.sbp) this.start('ledger-2');
    for (const fault of this.due) if ('atMs' in fault) this.scheduler.after(fault.atMs, () => this.strike(fault));
    this.sbp?.begin();
  }

  /** Ends everything that is broken: what is left is to come to rest. */
  heal(): void {
    this.due.length = 0;
    this.databaseDownUntilMs = 0;
    this.slowUntilMs = 0;
    this.sbp?.heal();
    for (const terminal of this.terminals.values()) terminal.behave({ auto: 'approve' });
    for (const process of this.processes.values()) process.thaw();
  }

  /** Presses the cancel key of a terminal. */
  press(terminalId: string): void {
    this.terminals.get(terminalId)?.press();
  }

  /** Everybody goes home; the ledger stays, and does its chores no more often than so. */
  fallAsleep(paceMs: number): void {
    this.paceMs = paceMs;
    for (const [name, process] of this.processes) if (name !== 'ledger') process.crash();
    this.gateway = null;
  }

  /** Everybody comes back. */
  wakeUp(): void {
    this.paceMs = 0;
    for (const name of this.processes.keys()) if (name !== 'ledger') this.start(name);
  }

  /** Whether nothing waits: no message in a queue, no entry in a journal, no attempt without an end, no person's decision without the terminal's answer. */
  isAtRest(isNightAhead = false): boolean {
    if (this.sbp?.isAtRest(isNightAhead) === false) return false;
    if (this.store.recovery.awaitsAnswers() || this.auditor.isUndecided()) return false;
    if (!this.auditor.allFinal() || [...this.disks.values()].some((disk) => disk.entries.size > 0)) return false;
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
      const { lateApproval } = this.plan;
      const wayOf = (terminalId: string): SbpWay => this.plan.sbp?.ways[[...this.terminals.keys()].indexOf(terminalId)] ?? { by: 'none' };
      this.gateway = await startGateway(process, this.settings, { lateApproval, wayOf, commandSent: (command) => this.commands.push(command) });
      return;
    }
    if (name === 'ledger' || name === 'ledger-2') {
      const databaseIsUp = (): boolean => this.scheduler.nowMs() >= this.databaseDownUntilMs;
      this.ledger = await startLedger(process, { store, auditor, random, defect, databaseIsUp, sbp: this.sbp, paceMs: () => this.paceMs });
      return;
    }
    const disk = this.disks.get(name) ?? new Disk();
    this.disks.set(name, disk);
    await startWorker(process, { disk, terminals: this.terminals, auditor, random, defect, resultSent: (result) => this.results.push(result) });
  }

  private kill(name: ProcessName, downMs: number): void {
    this.processes.get(name)?.crash();
    this.forget(name);
    this.scheduler.after(downMs, () => this.start(name));
  }

  private forget(name: ProcessName): void {
    if (name === 'gateway') this.gateway = null;
    if (name === 'ledger' || name === 'ledger-2') this.ledger = null;
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
    this.forget(name);
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
        return this.bankAlone.tellOfStranger(`pax-${fault.terminal + 1}`, fault.amount);
      case 'late-approval':
        return this.bankAlone.approveLate(this.results, fault.faults);
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
    if (what === 'result' && result) this.tell(result);
  }

  private tell(result: AttemptResult): void {
    this.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body: result, id: result.resultId });
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
