import { Unavailable, type AttemptResult, type PaymentCommand } from '@kkm/core';
import type { Clock, Journal, ResultPublisher, WorkerWatch } from './ports';
import { backoff, type StopSign } from './stop-sign';
import type { WorkerTimes } from './worker-times';

/** What {@link DeliverResults} needs of the worker around it. */
export interface DeliverPorts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly results: ResultPublisher;
  readonly watch: Pick<WorkerWatch, 'span' | 'note'>;
  readonly times: WorkerTimes;
  readonly stop: StopSign;
}

/** How many confirmed attempts are remembered, to drop a redelivery of their command without asking anybody. */
const confirmedMax = 1_000;

/** Brings a result to the ledger's queue for certain, then forgets it. */
export class DeliverResults {
  private readonly confirmed = new Set<string>();

  constructor(private readonly ports: DeliverPorts) {}

  /** Whether this process had the attempt's final result confirmed by the broker a short while ago. */
  isConfirmed(attemptId: string): boolean {
    return this.confirmed.has(attemptId);
  }

  /**
   * Publishes until the broker confirms, then removes the journal's entry; that of an `unknown` stays, so that the terminal can still be asked.
   * `held`: the worker stops first; the entry stays in the journal and is published at the next start.
   */
  async deliver(command: PaymentCommand, result: AttemptResult): Promise<'confirmed' | 'held'> {
    const { clock, results, watch, times, stop } = this.ports;
    for (let tries = 1; ; tries += 1) {
      try {
        await watch.span('worker.publish', command, () => results.publish(result));
        break;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        watch.note('result not published yet', { attemptId: result.attemptId, resultId: result.resultId, tries });
        if (stop.raised) return 'held';
        await stop.pause(clock, backoff(tries, times.backoffMs, times.backoffMaxMs));
      }
    }
    await this.settle(command, result);
    return 'confirmed';
  }

  private async settle(command: PaymentCommand, result: AttemptResult): Promise<void> {
    const { journal } = this.ports;
    const entry = journal.find(result.attemptId);
    if (result.outcome.kind === 'unknown') {
      if (!entry) return;
      const { nonce, readFailures, askedAtMs, mayArriveForMs = 0 } = entry;
      await journal.write({ state: 'in-doubt', command, nonce, readFailures, askedAtMs, mayArriveForMs });
      return;
    }
    const rrn = result.outcome.kind === 'approved' ? result.outcome.facts.rrn : null;
    if (entry || rrn !== null) await journal.finish(result.attemptId, rrn === null ? null : { terminalId: command.terminalId, rrn });
    // A failure before any permit is the ledger's to accept: only what was permitted is certainly the attempt's end.
    if (result.source !== 'unpermitted') this.remember(result.attemptId);
  }

  private remember(attemptId: string): void {
    this.confirmed.add(attemptId);
    const [oldest] = this.confirmed;
    if (this.confirmed.size > confirmedMax && oldest !== undefined) this.confirmed.delete(oldest);
  }
}
