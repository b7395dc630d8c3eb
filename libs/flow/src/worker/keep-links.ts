import { KnownError, Rejected, type ErrorCode } from '@kkm/core';
import { elapsedMs, now, type Moment } from './moments';
import type { Clock } from './ports';
import { readBaseline, type BaselinePorts } from './read-baseline';
import { backoff } from './stop-sign';
import type { TerminalLine } from './terminal-line';
import type { TerminalLines } from './terminal-lines';
import type { WorkerTimes } from './worker-times';

/** What {@link KeepLinks} needs of the worker around it. */
export interface LinkPorts extends BaselinePorts {
  readonly clock: Clock;
  readonly lines: TerminalLines;
  readonly times: Pick<WorkerTimes, 'healthMs' | 'backoffMs' | 'backoffMaxMs'>;
  /** Whether this worker should serve the terminal; only then it connects ahead of a payment. */
  readonly owns: (terminalId: string) => boolean;
}

/** How many terminals are connected or tested at once. */
const atOnceMax = 16;

/** Failed tries of one terminal, for the pause before the next. */
interface Failures {
  readonly tries: number;
  readonly at: Moment;
  /** Of the last one. */
  readonly code: ErrorCode;
}

/** What keeps a terminal from being kept, for the log. */
interface Failure {
  readonly note: 'terminal unreachable' | 'terminal settings refused';
  readonly code: ErrorCode;
  readonly detail?: string | undefined;
}

/** Keeps idle terminals connected and known to answer, by one look over all of them at a time: no terminal has a timer of its own. */
export class KeepLinks {
  private readonly failures = new Map<string, Failures>();
  private readonly queued = new Map<string, TerminalLine>();
  private running = 0;

  constructor(private readonly ports: LinkPorts) {}

  /**
   * Looks over all idle terminals: connects what has no connection, tests what was quiet for long, leaves what is another worker's.
   * Does not wait for them: terminals that hang must not keep the others.
   */
  look(): void {
    for (const line of this.ports.lines.all()) if (line.idle && !this.queued.has(line.terminalId) && this.isDue(line)) this.queued.set(line.terminalId, line);
    for (const terminalId of this.failures.keys()) if (!this.ports.lines.find(terminalId)) this.failures.delete(terminalId);
    while (this.queued.size > 0 && this.running < atOnceMax) void this.run();
  }

  private async run(): Promise<void> {
    this.running += 1;
    for (const [terminalId, line] of this.queued) {
      this.queued.delete(terminalId);
      await line.exclusive(() => this.keep(line));
    }
    this.running -= 1;
  }

  private isDue(line: TerminalLine): boolean {
    const { clock, times } = this.ports;
    if (line.connected && !line.holdsLease()) return true;
    if (!this.ports.owns(line.terminalId) && !line.connected) return false;
    const failed = this.failures.get(line.terminalId);
    if (failed && elapsedMs(clock, failed.at) < backoff(failed.tries, times.backoffMs * 4, times.backoffMaxMs)) return false;
    if (line.baselineIsDue) return true;
    return !line.connected || (line.quietMs() ?? times.healthMs) >= times.healthMs;
  }

  private async keep(line: TerminalLine): Promise<void> {
    if (!this.ports.owns(line.terminalId) && !line.holdsLease()) return line.disconnect();
    const failure = await this.failureOf(line);
    if (failure) this.fail(line, failure);
    else this.failures.delete(line.terminalId);
  }

  private async failureOf(line: TerminalLine): Promise<Failure | null> {
    try {
      const code = await this.lackOf(line);
      return code && { note: 'terminal unreachable', code };
    } catch (error) {
      const known = error instanceof KnownError ? error : null;
      if (!known) this.ports.watch.note('background work failed', { work: 'links', terminalId: line.terminalId, error });
      const note = known instanceof Rejected ? 'terminal settings refused' : 'terminal unreachable';
      return { note, code: known?.code ?? 'internal', detail: known?.detail };
    }
  }

  private async lackOf(line: TerminalLine): Promise<ErrorCode | null> {
    if (!line.holdsLease() && (await line.takeLease({ upkeep: true })).kind === 'busy') return 'equipment.terminal_busy';
    await line.connect();
    if ((await line.test()) === null) return 'terminal.silent';
    if (line.baselineIsDue) await readBaseline(line, this.ports);
    return null;
  }

  /** Notes it once for as long as the reason stays. */
  private fail(line: TerminalLine, { note, code, detail }: Failure): void {
    line.disconnect();
    const before = this.failures.get(line.terminalId);
    const tries = (before?.tries ?? 0) + 1;
    this.failures.set(line.terminalId, { tries, at: now(this.ports.clock), code });
    // Without the lease nothing was tried.
    if (before?.code !== code && line.holdsLease()) this.ports.watch.note(note, { terminalId: line.terminalId, tries, code, detail });
  }
}
