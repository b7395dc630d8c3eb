import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailed } from '../command-failed';
import type { ProcessMark, ProcessState, ProcessStatus } from '../state/state-file';
import { endTree } from './end-process';
import { lastLines } from './log-file';
import type { ProcessPlan } from './process-plan';
import { markOf } from './process-table';
import { restartDelayMs, settledAfterMs } from './restart-delay';
import { spawnPlan } from './spawn-plan';

/** A process that dies this often before it was ready once has something wrong that another try does not cure. */
const firstTriesMax = 3;
/** What was not ready has begun nothing that it must finish; RabbitMQ hears no signal while it boots. */
const unreadyGraceMs = 3_000;
/** How often readiness is asked for while starting, and afterwards. */
const askEveryMs = { starting: 50, running: 1_000 } as const;

/** What a supervised process tells its supervisor. */
export interface ProcessEvents {
  readonly changed: () => void;
  readonly note: (text: string) => void;
}

/** Keeps one process running: starts it, asks whether it is ready, starts it again with growing pauses when it dies, ends it. */
export class SupervisedProcess {
  private state: ProcessState = 'stopped';
  private mark: ProcessMark | null = null;
  private restarts = 0;
  private failures = 0;
  private startedMs = 0;
  private wasReady = false;
  private ending = false;
  private givenUp: CommandFailed | null = null;
  private running: Promise<void> = Promise.resolve();
  private readonly wake = new AbortController();

  constructor(
    private readonly plan: ProcessPlan,
    private readonly events: ProcessEvents,
  ) {}

  get name(): string {
    return this.plan.name;
  }

  get logFile(): string {
    return this.plan.logFile;
  }

  /** How it stands now. */
  status(): ProcessStatus {
    return { name: this.plan.name, state: this.state, mark: this.mark, url: this.plan.url, restarts: this.restarts, shown: this.plan.shown };
  }

  /** Starts it and returns when it was ready for the first time; throws {@link CommandFailed} with the end of its log when that does not come about. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.running = this.keepRunning(resolve).catch((error: unknown) => {
        this.set('stopped');
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }

  /** Ends it and returns when it and everything below it is gone. `hurry` turning true kills it at once. */
  async stop(hurry: () => boolean = () => false): Promise<void> {
    const ready = this.state !== 'starting';
    this.ending = true;
    this.wake.abort();
    if (this.mark) {
      this.set('stopping');
      const graceMs = ready ? this.plan.end.graceMs : Math.min(this.plan.end.graceMs, unreadyGraceMs);
      const byItself = await endTree(this.mark, { signal: this.plan.end.signal, graceMs, hurry });
      if (!byItself && !hurry()) this.events.note(`${this.plan.name} did not end within ${graceMs / 1000} s and was killed`);
    }
    await this.running;
    this.set('stopped');
  }

  private async keepRunning(firstReady: () => void): Promise<void> {
    while (!this.ending) {
      await this.plan.beforeStart?.();
      const child = spawnPlan(this.plan);
      const ended = endOf(child);
      this.startedMs = performance.now();
      this.mark = child.pid === undefined ? null : markOf(child.pid);
      this.set('starting');
      await Promise.all([ended, this.watch(child, ended, firstReady)]);
      const how = await ended;
      this.mark = null;
      await this.plan.afterEnd?.();
      if (this.givenUp) throw this.givenUp;
      if (!this.ending) await this.pauseAfter(how);
    }
    throw new CommandFailed(`${this.plan.name} was stopped.`); // Heard only by a start that still waits.
  }

  /** Asks for readiness until the process ends; ends it when its first start takes too long. */
  private async watch(child: ChildProcess, ended: Promise<string>, firstReady: () => void): Promise<void> {
    const over = () => this.ending || child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    while (!over()) {
      const ready = await this.plan.ready().catch(() => false);
      if (over()) return;
      if (ready && this.state !== 'running') this.becomeReady(firstReady);
      else if (!ready && this.state === 'running') this.set('unready');
      if (!this.wasReady && performance.now() - this.startedMs > this.plan.readyWithinMs) {
        this.givenUp = this.failure(`was not ready within ${this.plan.readyWithinMs / 1000} s`);
        if (this.mark) await endTree(this.mark, this.plan.end);
        return;
      }
      const pause = sleep(askEveryMs[this.state === 'running' ? 'running' : 'starting'], undefined, { signal: this.wake.signal });
      await Promise.race([ended, pause]).catch(() => undefined);
    }
  }

  private becomeReady(firstReady: () => void): void {
    if (this.state === 'starting' && this.restarts > 0) this.events.note(`${this.plan.name} is ready again`);
    this.wasReady = true;
    this.set('running');
    firstReady();
  }

  private async pauseAfter(how: string): Promise<void> {
    this.failures = performance.now() - this.startedMs >= settledAfterMs ? 1 : this.failures + 1;
    if (!this.wasReady && this.failures >= firstTriesMax) throw this.failure(`ended ${firstTriesMax} times before it was ready (${how})`);
    const pauseMs = restartDelayMs(this.failures);
    this.restarts += 1;
    this.set('waiting');
    this.events.note(`${this.plan.name} ended (${how}); it is started again in ${pauseMs / 1000} s`);
    await sleep(pauseMs, undefined, { signal: this.wake.signal }).catch(() => undefined);
  }

  private failure(what: string): CommandFailed {
    return new CommandFailed(`${this.plan.name} ${what}. The end of ${this.plan.logFile}:\n${lastLines(this.plan.logFile, 15)}`);
  }

  private set(state: ProcessState): void {
    if (this.state === state) return;
    this.state = state;
    this.events.changed();
  }
}

/** Resolves with words when the child has ended or could not be started. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}
