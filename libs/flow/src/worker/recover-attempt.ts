import { Rejected, Unavailable, unreachable, type AttemptResult, type PaymentCommand, type PermitAnswer, type TerminalRecord } from '@kkm/core';
import { ended, makeResult, type ResultPorts } from './attempt-results';
import type { DeliverResults } from './deliver-results';
import { Drive, type Drives } from './drives';
import { matchRecord, needsReport, type MatchFacts } from './match-record';
import { now, type Moment } from './moments';
import type { Disposition, Journal, JournalEntry, ProgressPublisher, WorkerLedger, WorkerWatch } from './ports';
import { ProgressTeller } from './progress-teller';
import { backoff, type StopSign } from './stop-sign';
import type { LinkAnswer, TerminalLine } from './terminal-line';
import type { WorkerTimes } from './worker-times';

/** What {@link RecoverAttempt} needs of the worker around it. */
export interface RecoverPorts extends ResultPorts {
  readonly ledger: Pick<WorkerLedger, 'permit'>;
  readonly journal: Journal;
  readonly deliver: DeliverResults;
  readonly drives: Drives;
  readonly progress: ProgressPublisher;
  readonly watch: WorkerWatch;
  readonly times: WorkerTimes;
  readonly stop: StopSign;
}

/** An attempt whose bytes may have gone out and whose outcome nobody knows. */
export interface Doubt {
  readonly command: PaymentCommand;
  readonly nonce: string;
  /** Wall clock, milliseconds: when the permit was asked for, or granted. */
  readonly askedAtMs: number;
  readonly readFailures: number;
  /** Whether the broker confirmed an `unknown` for it. */
  readonly confirmed: boolean;
}

/**
 * How one try to learn the outcome ended. `over`: the ledger knows it already. `open`: still in doubt.
 * `waiting`: somebody else is at it, or the ledger does not answer; nothing was asked of the terminal.
 */
export type Recovery =
  | { readonly kind: 'recovered'; readonly result: AttemptResult }
  | { readonly kind: 'over' }
  | { readonly kind: 'park'; readonly reason: string }
  | { readonly kind: 'open'; readonly why: string }
  | { readonly kind: 'waiting'; readonly retryAfterMs: number };

/** One permit request for a doubt. */
interface Asked {
  readonly line: TerminalLine;
  readonly doubt: Doubt;
  readonly askedAt: Moment;
}

/** The doubt a journal entry leaves behind. */
export function doubtOf(entry: Exclude<JournalEntry, { state: 'answered' }>, nonce: string): Doubt {
  const { command, askedAtMs, readFailures } = entry;
  return { command, nonce, askedAtMs, readFailures, confirmed: entry.state === 'in-doubt' };
}

/**
 * Learns the outcome of an attempt by asking the terminal, and never sends it again.
 * An approval that matches is adopted. Absence proves nothing here (design-money, clause 5): the proof by a report that reaches back
 * past the grant belongs into {@link RecoverAttempt.askTerminal}, after the match has failed.
 */
export class RecoverAttempt {
  constructor(private readonly ports: RecoverPorts) {}

  /**
   * Keeps asking while the delivery is held. It is acknowledged when the outcome is known, or when `unknown` is confirmed and the terminal was
   * asked in vain for as long as a delivery may be held (clause 9). Call with the line to itself.
   */
  async hold(line: TerminalLine, doubt: Doubt): Promise<Disposition> {
    const { clock, times, stop } = this.ports;
    const startedAtMs = clock.monotonicMs();
    let { confirmed } = doubt;
    for (let opens = 0; ;) {
      const recovery = await this.tryOnce(line, doubt);
      if (recovery.kind === 'park') return { park: recovery.reason };
      if (recovery.kind === 'recovered' || recovery.kind === 'over') return await this.finish(doubt.command, recovery);
      if (recovery.kind === 'open' && !confirmed) {
        if ((await this.tellUnknown(doubt)) === 'held') return 'retry';
        confirmed = true;
      }
      if (stop.raised) return 'retry';
      if (confirmed && clock.monotonicMs() - startedAtMs >= times.holdInDoubtMs) return 'done';
      if (recovery.kind === 'open') opens += 1;
      await stop.pause(clock, recovery.kind === 'open' ? backoff(opens, times.recoverMs, times.recoverMaxMs) : recovery.retryAfterMs);
    }
  }

  /** One try without a delivery: for what an earlier run of this process, or an acknowledged delivery, left behind. Call with the line to itself. */
  async once(line: TerminalLine, doubt: Doubt): Promise<Recovery['kind']> {
    const recovery = await this.tryOnce(line, doubt);
    if (recovery.kind === 'recovered' || recovery.kind === 'over') await this.finish(doubt.command, recovery);
    else if (recovery.kind === 'open' && !doubt.confirmed) await this.tellUnknown(doubt);
    return recovery.kind;
  }

  private async finish(command: PaymentCommand, recovery: Extract<Recovery, { kind: 'recovered' | 'over' }>): Promise<Disposition> {
    if (recovery.kind === 'over') {
      await this.ports.journal.finish(command.attemptId, null);
      return 'done';
    }
    this.ports.watch.finished(command, recovery.result.outcome);
    const delivered = await this.ports.deliver.deliver(command, recovery.result);
    return delivered === 'confirmed' ? 'done' : 'retry';
  }

  private async tellUnknown(doubt: Doubt): Promise<'confirmed' | 'held'> {
    const { watch, deliver } = this.ports;
    const { command } = doubt;
    watch.note('attempt in doubt', { attemptId: command.attemptId, terminalId: command.terminalId });
    const facts = { nonce: doubt.nonce, outcome: ended('unknown', 'unrecognised'), readFailures: doubt.readFailures, source: 'recovery' } as const;
    const result = makeResult(command, facts, this.ports);
    await this.keep(doubt, result);
    watch.finished(command, result.outcome);
    return await deliver.deliver(command, result);
  }

  private async tryOnce(line: TerminalLine, doubt: Doubt): Promise<Recovery> {
    try {
      const askedAt = now(this.ports.clock);
      if (!line.holdsLease()) {
        const lease = await line.takeLease();
        if (lease.kind === 'busy') return { kind: 'waiting', retryAfterMs: lease.retryAfterMs };
      }
      const { attemptId, siteId, terminalId } = doubt.command;
      const answer = await this.ports.ledger.permit({ workerId: this.ports.workerId, siteId, terminalId, attemptId, nonce: doubt.nonce });
      return await this.after(answer, { line, doubt, askedAt });
    } catch (error) {
      if (error instanceof Unavailable) return { kind: 'waiting', retryAfterMs: this.ports.times.recoverMs };
      throw error;
    }
  }

  private async after(answer: PermitAnswer, { line, doubt, askedAt }: Asked): Promise<Recovery> {
    switch (answer.kind) {
      // A grant under a nonce of an attempt that may have been sent changes nothing: it is asked for, not sent.
      case 'granted':
      case 'already-granted':
        return await this.underLease(line, doubt, { askedAt, leaseMs: answer.leaseMs });
      case 'not-leased':
        line.loseLease();
        return { kind: 'waiting', retryAfterMs: this.ports.times.recoverMs };
      case 'being-driven':
      case 'terminal-busy':
      case 'terminal-in-doubt':
        return { kind: 'waiting', retryAfterMs: answer.retryAfterMs };
      case 'already-final':
        return { kind: 'over' };
      case 'expired':
      case 'withdrawn':
      case 'unknown-attempt':
        // The ledger has no grant for what may have been sent, as after a restore: money nobody asks for is shown to a person.
        this.ports.watch.note('attempt unknown to the ledger', { attemptId: doubt.command.attemptId, answer: answer.kind });
        return { kind: 'park', reason: `in doubt, but the ledger says ${answer.kind}` };
      default:
        return unreachable(answer);
    }
  }

  private async underLease(line: TerminalLine, doubt: Doubt, permit: { readonly askedAt: Moment; readonly leaseMs: number }): Promise<Recovery> {
    const { drives, watch } = this.ports;
    const drive = new Drive(doubt.command, doubt.nonce, permit);
    drives.start(drive);
    try {
      new ProgressTeller(doubt.command, this.ports).tell('recovering');
      const recovery = await watch.span('worker.recover', doubt.command, () => this.askTerminal(line, doubt));
      if (recovery.kind !== 'recovered') return recovery;
      await this.keep(doubt, recovery.result);
      watch.note('attempt recovered', { attemptId: doubt.command.attemptId });
      return recovery;
    } finally {
      drives.end(drive);
    }
  }

  private async askTerminal(line: TerminalLine, doubt: Doubt): Promise<Recovery> {
    // The connection the attempt was sent on must not deliver any more.
    line.disconnect();
    try {
      await line.connect();
    } catch (error) {
      if (error instanceof Unavailable || error instanceof Rejected) return { kind: 'open', why: error.code };
      throw error;
    }
    const link = await line.test();
    if (!link) return { kind: 'open', why: 'the terminal does not answer a link test' };
    const last = await line.ask({ kind: 'last-result' });
    if (last.kind !== 'last-result' || !last.found) return { kind: 'open', why: 'the terminal shows no last operation' };
    const report = needsReport(last.found) ? await line.ask({ kind: 'report' }) : null;
    const match = matchRecord(last.found, report?.kind === 'report' ? report.operations : null, this.matchFacts(line, doubt, link));
    return match.kind === 'ours' ? { kind: 'recovered', result: this.adopted(doubt, last.found) } : { kind: 'open', why: match.why };
  }

  private matchFacts(line: TerminalLine, { command, askedAtMs }: Doubt, link: LinkAnswer): MatchFacts {
    const { clock, journal, times } = this.ports;
    return {
      command,
      reference: line.referenceOf(command.attemptId),
      sinceGrantMs: clock.wallMs() - askedAtMs,
      bankTerminalId: link.bankTerminalId,
      terminalNow: link.terminalTime ?? null,
      toleranceMs: times.clockToleranceMs,
      isTaken: (rrn) => journal.isTaken(command.terminalId, rrn),
    };
  }

  private adopted(doubt: Doubt, record: TerminalRecord): AttemptResult {
    const outcome = { kind: 'approved', chargedMinor: record.amountMinor ?? doubt.command.amount, facts: record.facts } as const;
    return makeResult(doubt.command, { nonce: doubt.nonce, outcome, readFailures: doubt.readFailures, source: 'recovery' }, this.ports);
  }

  private keep(doubt: Doubt, result: AttemptResult): Promise<void> {
    const { command, nonce, readFailures, askedAtMs } = doubt;
    return this.ports.journal.write({ state: 'answered', command, nonce, readFailures, askedAtMs, result });
  }
}
