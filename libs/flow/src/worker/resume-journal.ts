import type { DeliverResults } from './deliver-results';
import { elapsedMs, now, type Moment } from './moments';
import type { Clock, Ids, Journal } from './ports';
import { doubtOf, type RecoverAttempt } from './recover-attempt';
import { backoff } from './stop-sign';
import type { TerminalLines } from './terminal-lines';
import type { WorkerTimes } from './worker-times';

/** What {@link ResumeJournal} needs of the worker around it. */
export interface ResumePorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly journal: Journal;
  readonly lines: TerminalLines;
  readonly deliver: DeliverResults;
  readonly recover: RecoverAttempt;
  readonly times: Pick<WorkerTimes, 'recoverMs' | 'recoverMaxMs'>;
}

/** Finishes what the journal holds and no delivery brings back: results of a process that died, and attempts in doubt whose delivery is acknowledged. */
export class ResumeJournal {
  private readonly tries = new Map<string, { readonly count: number; readonly at: Moment }>();

  constructor(private readonly ports: ResumePorts) {}

  /** Publishes every result that was not confirmed. Before the worker subscribes to anything. */
  async publishLeftovers(): Promise<void> {
    const { journal, deliver } = this.ports;
    for (const entry of journal.all()) if (entry.state === 'answered') await deliver.deliver(entry.command, entry.result);
  }

  /** Asks idle terminals for the outcomes of attempts that nobody works on, each with growing pauses. */
  async look(): Promise<void> {
    const { journal, lines, recover, ids } = this.ports;
    const open = journal.all();
    for (const attemptId of this.tries.keys()) if (!journal.find(attemptId)) this.tries.delete(attemptId);
    for (const entry of open) {
      if (entry.state === 'answered') continue;
      const line = lines.find(entry.command.terminalId);
      if (!line?.idle || !this.isDue(entry.command.attemptId)) continue;
      await line.exclusive(async () => {
        const present = journal.find(entry.command.attemptId);
        if (present && present.state !== 'answered') await recover.once(line, doubtOf(present, ids.draw('nonce')));
      });
    }
  }

  private isDue(attemptId: string): boolean {
    const { clock, times } = this.ports;
    const tried = this.tries.get(attemptId);
    if (tried && elapsedMs(clock, tried.at) < backoff(tried.count, times.recoverMs * 2, times.recoverMaxMs)) return false;
    this.tries.set(attemptId, { count: (tried?.count ?? 0) + 1, at: now(clock) });
    return true;
  }
}
