import type { PaymentCommand } from '@kkm/core';
import type { DeliverResults } from './deliver-results';
import { elapsedMs, now, type Moment } from './moments';
import type { Clock, Ids, Journal } from './ports';
import { doubtOf } from './doubt';
import type { RecoverAttempt } from './recover-attempt';
import { backoff } from './stop-sign';
import type { TerminalLine } from './terminal-line';
import type { TerminalLines } from './terminal-lines';
import type { WorkerTimes } from './worker-times';
import { isBankQr } from './terminal-requests';

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

/** How long an attempt that the ledger sent for is asked about before the ledger has to send again. */
const errandMs = 60_000;

/** An attempt the ledger sent this worker for. */
interface Errand {
  readonly command: PaymentCommand;
  readonly nonce: string;
  readonly takenAt: Moment;
}

/**
 * Finishes what no delivery brings back: results of a process that died, attempts in doubt whose delivery is acknowledged, and attempts that the ledger sent
 * for because nobody works on them.
 */
export class ResumeJournal {
  private readonly tries = new Map<string, { readonly count: number; readonly at: Moment }>();
  private readonly errands = new Map<string, Errand>();

  constructor(private readonly ports: ResumePorts) {}

  /** Publishes every result that was not confirmed. Before the worker subscribes to anything. */
  async publishLeftovers(): Promise<void> {
    const { journal, deliver } = this.ports;
    for (const entry of journal.all()) if (entry.state === 'answered') await deliver.deliver(entry.command, entry.result);
  }

  /** Takes an errand of the ledger; {@link ResumeJournal.look} goes about it. What is in the journal is asked about anyway. */
  take(command: PaymentCommand): void {
    // What became of a bank's QR no terminal can tell.
    if (isBankQr(command)) return;
    const { clock, ids, journal } = this.ports;
    const { attemptId } = command;
    const known = this.errands.get(attemptId);
    if (!journal.find(attemptId)) this.errands.set(attemptId, { command, nonce: known?.nonce ?? ids.draw('nonce'), takenAt: now(clock) });
  }

  /** Asks idle terminals for the outcomes of attempts that nobody works on, each with growing pauses. A terminal that hangs does not keep the others. */
  async look(): Promise<void> {
    this.forget();
    const doubted = this.ports.journal.all().flatMap((entry) => (entry.state === 'answered' ? [] : [entry.command]));
    const sentFor = [...this.errands.values()].map(({ command }) => command);
    await Promise.all([...doubted, ...sentFor].map((command) => this.lookInto(command)));
  }

  private async lookInto({ terminalId, attemptId }: PaymentCommand): Promise<void> {
    const line = this.ports.lines.find(terminalId);
    if (!line?.idle || !this.isDue(attemptId)) return;
    await line.exclusive(() => this.ask(line, attemptId));
  }

  private async ask(line: TerminalLine, attemptId: string): Promise<void> {
    const { journal, recover, ids } = this.ports;
    const entry = journal.find(attemptId);
    const errand = this.errands.get(attemptId);
    if (entry && entry.state !== 'answered') await recover.once(line, doubtOf(entry, ids.draw('nonce')));
    else if (!entry && errand) {
      const { command, nonce } = errand;
      const kind = await recover.once(line, { command, nonce, begin: null, readFailures: 0, confirmed: false });
      if (kind !== 'waiting') this.errands.delete(attemptId); // Answered, or in the journal from now on.
    }
  }

  private forget(): void {
    const { clock, journal } = this.ports;
    for (const [attemptId, { takenAt }] of this.errands) if (elapsedMs(clock, takenAt) >= errandMs) this.errands.delete(attemptId);
    for (const attemptId of this.tries.keys()) if (!journal.find(attemptId) && !this.errands.has(attemptId)) this.tries.delete(attemptId);
  }

  private isDue(attemptId: string): boolean {
    const { clock, times } = this.ports;
    const tried = this.tries.get(attemptId);
    if (tried && elapsedMs(clock, tried.at) < backoff(tried.count, times.recoverMs, times.recoverMaxMs)) return false;
    this.tries.set(attemptId, { count: (tried?.count ?? 0) + 1, at: now(clock) });
    return true;
  }
}
