import { permitTimes, Unavailable, unreachable, type AttemptResult, type Evidence, type Outcome, type PaymentCommand, type PermitAnswer } from '@kkm/core';
import { askTerminal } from './ask-terminal';
import { ended, makeResult, type ResultPorts } from './attempt-results';
import type { DeliverResults } from './deliver-results';
import type { Begin, BegunDoubt, Doubt } from './doubt';
import { Drive, type Drives } from './drives';
import type { Judgement } from './judge-doubt';
import { now, type Moment } from './moments';
import type { Disposition, Journal, ProgressPublisher, WorkerLedger, WorkerWatch } from './ports';
import { ProgressTeller } from './progress-teller';
import { backoff, type StopSign } from './stop-sign';
import type { TerminalLine } from './terminal-line';
import type { WorkerTimes } from './worker-times';

/** What {@link RecoverAttempt} needs of the worker around it. */
export interface RecoverPorts extends ResultPorts {
  readonly ledger: Pick<WorkerLedger, 'permit' | 'knowledge'>;
  readonly journal: Journal;
  readonly deliver: DeliverResults;
  readonly drives: Drives;
  readonly progress: ProgressPublisher;
  readonly watch: WorkerWatch;
  readonly times: WorkerTimes;
  readonly stop: StopSign;
}

/**
 * How one try to learn the outcome ended. `over`: the ledger knows it already. `open`: still in doubt.
 * `waiting`: somebody else is at it, or the ledger does not answer; nothing was asked of the terminal.
 */
export type Recovery =
  | { readonly kind: 'recovered'; readonly result: AttemptResult }
  | { readonly kind: 'over' }
  | { readonly kind: 'park'; readonly reason: string }
  | {
      readonly kind: 'open';
      readonly doubt: BegunDoubt;
      readonly why: string;
      /** What the terminal said; none when it was not heard. */
      readonly evidence: readonly Evidence[];
      readonly heardOut: boolean;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'waiting'; readonly retryAfterMs: number };

type Open = Extract<Recovery, { kind: 'open' }>;

/** One permit request for a doubt. */
interface Asked {
  readonly line: TerminalLine;
  readonly doubt: Doubt;
  readonly askedAt: Moment;
}

/**
 * Learns the outcome of an attempt by asking the terminal, and never sends it again: adopts its approval, proves that nothing was charged, or leaves it in doubt
 * (design-money, clause 5; the judgement itself is `judgeReport`).
 */
export class RecoverAttempt {
  /** What was last told about an attempt in doubt that the terminal answered about. */
  private readonly told = new Map<string, string>();

  constructor(private readonly ports: RecoverPorts) {}

  /**
   * Keeps asking while the delivery is held. It is acknowledged when the outcome is known, or when `unknown` is confirmed and the terminal was
   * asked in vain for as long as a delivery may be held (clause 9). Call with the line to itself.
   */
  async hold(line: TerminalLine, doubt: Doubt): Promise<Disposition> {
    const { clock, times, stop } = this.ports;
    const startedAtMs = clock.monotonicMs();
    let { confirmed } = doubt;
    let present = doubt;
    for (let opens = 0; ;) {
      const recovery = await this.tryOnce(line, present);
      if (recovery.kind === 'open') present = recovery.doubt;
      if (recovery.kind === 'park') return { park: recovery.reason };
      if (recovery.kind === 'recovered' || recovery.kind === 'over') return await this.finish(doubt.command, recovery);
      if (recovery.kind === 'open' && (!confirmed || this.isNews(recovery))) {
        if ((await this.tellUnknown(recovery)) === 'held') return 'retry';
        confirmed = true;
      }
      if (stop.raised) return 'retry';
      if (confirmed && clock.monotonicMs() - startedAtMs >= times.holdInDoubtMs) return 'done';
      if (recovery.kind === 'open') opens += 1;
      await stop.pause(clock, this.pauseAfter(recovery, opens));
    }
  }

  private pauseAfter(recovery: Extract<Recovery, { kind: 'open' | 'waiting' }>, opens: number): number {
    if (recovery.kind === 'waiting') return recovery.retryAfterMs;
    const { times } = this.ports;
    const pauseMs = backoff(opens, times.recoverMs, times.recoverMaxMs);
    return recovery.retryAfterMs === undefined ? pauseMs : Math.min(Math.max(pauseMs, recovery.retryAfterMs), times.recoverMaxMs);
  }

  /** One try without a delivery: for what an earlier run of this process, or an acknowledged delivery, left behind. Call with the line to itself. */
  async once(line: TerminalLine, doubt: Doubt): Promise<Recovery['kind']> {
    const recovery = await this.tryOnce(line, doubt);
    if (recovery.kind === 'recovered' || recovery.kind === 'over') await this.finish(doubt.command, recovery);
    else if (recovery.kind === 'open' && (!doubt.confirmed || this.isNews(recovery))) await this.tellUnknown(recovery);
    return recovery.kind;
  }

  private async finish(command: PaymentCommand, recovery: Extract<Recovery, { kind: 'recovered' | 'over' }>): Promise<Disposition> {
    this.told.delete(command.attemptId);
    if (recovery.kind === 'over') {
      await this.ports.journal.finish(command.attemptId, null);
      return 'done';
    }
    this.ports.watch.finished(command, recovery.result.outcome);
    const delivered = await this.ports.deliver.deliver(command, recovery.result);
    return delivered === 'confirmed' ? 'done' : 'retry';
  }

  /** Whether the terminal said something about the attempt that was not told yet: a person who has to decide wants to read it. */
  private isNews({ doubt, why, evidence }: Open): boolean {
    return evidence.length > 0 && this.told.get(doubt.command.attemptId) !== why;
  }

  private async tellUnknown({ doubt, why, evidence, heardOut }: Open): Promise<'confirmed' | 'held'> {
    const { watch, deliver } = this.ports;
    const { command } = doubt;
    watch.note('attempt in doubt', { attemptId: command.attemptId, terminalId: command.terminalId, why });
    if (evidence.length > 0) this.told.set(command.attemptId, why);
    const result = { ...this.made(doubt, ended('unknown', 'unrecognised'), evidence), ...(heardOut ? { heardOut } : {}) };
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
      const predecessors = this.ports.journal.predecessors();
      const answer = await this.ports.ledger.permit({
        workerId: this.ports.workerId,
        siteId,
        terminalId,
        attemptId,
        nonce: doubt.nonce,
        predecessors,
        recoverOnly: doubt.begin === null,
      });
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
      case 'verify':
        return await this.underLease(line, { ...doubt, begin: doubt.begin ?? this.beginOf(answer, askedAt) }, { askedAt, leaseMs: answer.leaseMs });
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

  /** The ledger's account of an attempt that this worker has no journal of. Times by the ledger's clock, so that this one's need not agree. */
  private beginOf(answer: Extract<PermitAnswer, { kind: 'granted' | 'already-granted' | 'verify' }>, askedAt: Moment): Begin {
    if (answer.kind === 'granted') return { askedAtMs: askedAt.wallMs, mayArriveForMs: answer.sendWithinMs };
    const { workerId, journal } = this.ports;
    const { grantedTo = null, grantedAgoMs = null, sendWithinMs = permitTimes.sendWithinMs } = answer;
    const askedAtMs = grantedAgoMs === null ? Date.parse(answer.grantedAt) : askedAt.wallMs - grantedAgoMs;
    // A dead worker's connection is closed, and its journal, which this worker has opened, says that it never began: nothing of it can arrive any more.
    const own = grantedTo !== null && [workerId, ...journal.predecessors()].includes(grantedTo);
    return { askedAtMs, mayArriveForMs: own ? 0 : sendWithinMs };
  }

  private async underLease(line: TerminalLine, doubt: BegunDoubt, permit: { readonly askedAt: Moment; readonly leaseMs: number }): Promise<Recovery> {
    const { drives, watch } = this.ports;
    const drive = new Drive(doubt.command, doubt.nonce, permit);
    drives.start(drive);
    try {
      new ProgressTeller(doubt.command, this.ports).tell('recovering');
      const { judgement, evidence, heardOut } = await watch.span('worker.recover', doubt.command, () => askTerminal(line, doubt, this.ports));
      if (judgement.kind === 'open') return { ...judgement, doubt, evidence, heardOut };
      const result = this.made(doubt, outcomeOf(judgement, doubt), evidence);
      await this.keep(doubt, result);
      watch.note('attempt recovered', { attemptId: doubt.command.attemptId, outcome: result.outcome.kind });
      return { kind: 'recovered', result };
    } finally {
      drives.end(drive);
    }
  }

  private made({ command, nonce, readFailures }: BegunDoubt, outcome: Outcome, evidence: readonly Evidence[]): AttemptResult {
    return makeResult(command, { nonce, outcome, readFailures, source: 'recovery', evidence }, this.ports);
  }

  private keep(doubt: BegunDoubt, result: AttemptResult): Promise<void> {
    const { command, nonce, readFailures, begin } = doubt;
    return this.ports.journal.write({ state: 'answered', command, nonce, readFailures, ...begin, result });
  }
}

function outcomeOf(judgement: Exclude<Judgement, { kind: 'open' }>, { command }: Doubt): Outcome {
  if (judgement.kind === 'not-charged') return ended('failed', 'terminal_unreachable');
  const { amountMinor, facts } = judgement.record;
  return { kind: 'approved', chargedMinor: amountMinor ?? command.amount, facts };
}
