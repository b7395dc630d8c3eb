import { mkdirSync, rmSync } from 'node:fs';
import type { Settings } from '../cli.config';
import { CommandFailed } from '../command-failed';
import { stopInstallation } from '../infra/apt';
import { chooseInfra } from '../infra/choose-infra';
import { removeVolumes } from '../infra/docker-servers';
import type { InfraChoice } from '../infra/infra-choices';
import type { Infra, ServerPlans } from '../infra/server-plans';
import { rotateLog } from '../processes/log-file';
import type { ProcessPlan } from '../processes/process-plan';
import { SupervisedProcess } from '../processes/supervised-process';
import type { Identity } from '../state/identity';
import { settleIdentity } from '../state/identity';
import type { ProcessStatus } from '../state/state-file';
import { releaseLock, takeLock } from '../state/supervisor-lock';
import type { StatePaths } from '../state/state-paths';
import { statePaths } from '../state/state-paths';
import type { Progress } from '../terminal/progress';
import { discardState } from './discard-state';
import { endLeftovers } from './leftovers';
import { StateKeeper } from './state-keeper';

/** How a system is run. */
export interface SystemOptions {
  readonly settings: Settings;
  /** Holds everything of this system; another folder is another system. */
  readonly stateDir: string;
  readonly infra: InfraChoice;
  /** Whether a port that the environment fixes must be free; else another is taken. */
  readonly strictPorts: boolean;
  /** Whether data is thrown away at the end, so that the next start is from nothing. */
  readonly discard: boolean;
  /** Whether the database alone is wanted, and no broker. */
  readonly databaseOnly?: boolean;
  readonly progress: Progress;
}

/** Ended in this order: the workers finish what they have begun while everything they need still runs. What is not named comes with the first group. */
const endOrder = [['terminal-worker'], ['gateway'], ['ledger', 'virtual-terminal'], ['rabbitmq', 'postgres'], ['epmd']] as const;
/** Takes 6 s to end in order, which data that is thrown away is not worth. Postgres ends at once, and killed would leave shared memory behind. */
const killedOnDiscard: readonly string[] = ['rabbitmq'];
const logsEveryMs = 5_000;

/** The processes of one state folder: starts them, keeps them running, writes down how they stand, ends them in order. */
export class System {
  readonly paths: StatePaths;
  private readonly processes: SupervisedProcess[] = [];
  private readonly state: StateKeeper;
  private logs: NodeJS.Timeout | undefined;
  private held = false;
  private stopping = false;
  private readonly underWay = new Set<Promise<unknown>>();
  private volumesOf: string | null = null;

  constructor(private readonly options: SystemOptions) {
    this.paths = statePaths(options.stateDir);
    this.state = new StateKeeper(this.paths, () => this.statuses());
  }

  /** Takes the state folder and starts broker and database. Throws {@link CommandFailed} when another process holds the folder. */
  startServers(): Promise<{ readonly infra: Infra; readonly identity: Identity }> {
    return this.track(this.takeAndStart());
  }

  private async takeAndStart(): Promise<{ readonly infra: Infra; readonly identity: Identity }> {
    const { settings, progress, strictPorts, infra: choice } = this.options;
    const holder = takeLock(this.paths);
    if (holder) throw new CommandFailed(`A system already runs in ${this.paths.dir} (process ${holder.pid}). ./kkm down stops it.`);
    this.held = true;
    for (const folder of [this.paths.logs, this.paths.secrets]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    await endLeftovers(this.paths, progress);
    if (this.options.discard) discardState(this.paths);
    const identity = await settleIdentity(this.paths, { wanted: settings.ports, strict: strictPorts, note: (text) => progress.note(text) });
    const infra = await chooseInfra(choice, { settings, paths: this.paths, identity, progress });
    this.volumesOf = infra.kind === 'docker' ? identity.id : null;
    progress.note(`infrastructure: ${infra.words}`);
    this.state.begin(infra.kind);
    this.logs = setInterval(() => this.processes.forEach(({ logFile }) => rotateLog(logFile)), logsEveryMs);
    const wanted = infra.servers.filter(({ server }) => !this.options.databaseOnly || server.name === 'postgres');
    await Promise.all(wanted.map((server) => this.startServer(server)));
    return { infra, identity };
  }

  /** Starts processes side by side and returns when all of them are ready. */
  async startAll(plans: readonly ProcessPlan[]): Promise<void> {
    await this.track(Promise.all(plans.map((plan) => this.start(plan))));
  }

  /** Says that everything is up; `status` shows it. */
  markRunning(): void {
    this.state.enter('running');
  }

  /** Ends everything in order and gives the state folder back. Safe at any time and more than once. */
  async stop(hurry: () => boolean = () => false): Promise<void> {
    if (!this.held) return;
    this.stopping = true;
    this.state.enter('stopping');
    await stopInstallation();
    for (const group of this.endGroups()) await Promise.all(group.map((process) => this.stopOne(process, hurry)));
    await Promise.allSettled(this.underWay); // A start that was caught half way, for example while a database is made.
    clearInterval(this.logs);
    this.state.finish();
    rmSync(this.paths.endpoints, { force: true });
    if (this.options.discard) await this.discard();
    releaseLock(this.paths);
    this.held = false;
  }

  private async track<T>(work: Promise<T>): Promise<T> {
    this.underWay.add(work);
    try {
      return await work;
    } finally {
      this.underWay.delete(work);
    }
  }

  private async discard(): Promise<void> {
    if (this.volumesOf) await removeVolumes(this.volumesOf);
    discardState(this.paths);
  }

  private async startServer({ before, server }: ServerPlans): Promise<void> {
    for (const plan of before) await this.start(plan);
    await this.start(server);
  }

  private async start(plan: ProcessPlan): Promise<void> {
    const { progress } = this.options;
    if (this.stopping) throw new CommandFailed('Stopped while starting.');
    const process = new SupervisedProcess(plan, { changed: () => this.state.changed(), note: (text) => progress.note(text) });
    this.processes.push(process);
    progress.begin(plan.name, `starting ${plan.name}`);
    await process.start();
    progress.end(plan.name, `${plan.name} is ready`, plan.shown);
  }

  private async stopOne(process: SupervisedProcess, hurry: () => boolean): Promise<void> {
    const { progress, discard } = this.options;
    progress.begin(process.name, `waiting for ${process.name} to end`);
    await process.stop(discard && killedOnDiscard.includes(process.name) ? () => true : hurry);
    progress.end(process.name, `${process.name} has ended`);
  }

  private endGroups(): readonly (readonly SupervisedProcess[])[] {
    const named: readonly string[] = endOrder.flat();
    const others = this.processes.filter(({ name }) => !named.includes(name));
    return [others, ...endOrder.map((names) => this.processes.filter(({ name }) => (names as readonly string[]).includes(name)))];
  }

  private statuses(): readonly ProcessStatus[] {
    return this.processes.map((process) => process.status());
  }
}
