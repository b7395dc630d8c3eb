import { noBankFacts } from '@kkm/core';
import type { AttemptResult, Outcome, OutcomeReason, PaymentCommand, PermitAnswer, TerminalAnswer } from '@kkm/core';
import { ended, makeResult, type ResultPorts } from './attempt-results';
import type { Drive } from './drives';
import { isLastOperation } from './last-operation';
import { elapsedMs, now, type Moment } from './moments';
import type { Journal, ProgressPublisher, WorkerWatch } from './ports';
import { ProgressTeller } from './progress-teller';
import type { TerminalLine } from './terminal-line';
import { requestFor } from './terminal-requests';
import type { WorkerTimes } from './worker-times';

/** What {@link RunAttempt} needs of the worker around it. */
export interface RunPorts extends ResultPorts {
  readonly journal: Journal;
  readonly progress: ProgressPublisher;
  readonly watch: WorkerWatch;
  readonly times: WorkerTimes;
}

/** One granted attempt on one line. */
export interface GrantedAttempt {
  readonly line: TerminalLine;
  readonly command: PaymentCommand;
  readonly drive: Drive;
  readonly grant: Extract<PermitAnswer, { kind: 'granted' }>;
  /** When the permit was asked for; its times count from here. */
  readonly askedAt: Moment;
}

/** What follows from an answer of the terminal: the attempt's end, or one more ask for a card. */
type Step = { readonly kind: 'ended'; readonly result: AttemptResult } | { readonly kind: 'ask-again' };

/**
 * Sends a granted attempt to the terminal and makes its result: the only place from which financial bytes go out.
 *
 * `not-sent` needs no proof by the terminal (design-money, clause 5): this handling alone holds the nonce, the journal marks the attempt as begun,
 * so nobody sends it later (clause 1), and the refusal came before the first byte. What never reached a terminal was not charged there.
 */
export class RunAttempt {
  private readFailures = 0;
  private asks = 1;
  private hindrance: 'cancel' | 'time' | null = null;
  /** Set by the first answer to the present ask; a later one, such as a cut link after the answer, changes nothing. */
  private heard: Promise<Step> | null = null;
  /** What the attempt ends as when the journal cannot keep the answer that was heard. */
  private unkept: AttemptResult | null = null;
  /** How the attempt ends if the card is not asked for again. */
  private lastRead: Outcome | null = null;
  private readonly teller: ProgressTeller;
  private readonly readAttemptsMax: number;

  constructor(
    private readonly attempt: GrantedAttempt,
    private readonly ports: RunPorts,
  ) {
    this.teller = new ProgressTeller(attempt.command, ports);
    this.readAttemptsMax = attempt.line.settings.readAttemptsMax;
  }

  /** Resolves with the result, which the journal then holds. Should its disk fail, a known answer is still returned, to be published all the same. */
  async run(): Promise<AttemptResult> {
    const { watch, clock } = this.ports;
    const { command, drive, grant } = this.attempt;
    if (grant.cancelRequested === 'pending') drive.requestCancel();
    // Nothing has gone out yet, and nobody else may send under this nonce.
    if (command.operation === 'reversal' && !(await isLastOperation(this.attempt.line, command))) return await this.notSent('not_last_operation');
    if (!(await this.isBegun())) return this.make(ended('failed', 'terminal_fault'));
    const startedAt = now(clock);
    const result = await watch.span('worker.terminal', command, () => this.askUntilEnded());
    watch.terminalWorked(command, elapsedMs(clock, startedAt));
    this.teller.tell('answered', { detail: result.outcome.kind });
    return result;
  }

  private async notSent(reason: OutcomeReason): Promise<AttemptResult> {
    this.ports.watch.note('attempt not sent', { attemptId: this.attempt.command.attemptId, hindrance: reason });
    return this.resultOf(await this.keep(ended('failed', reason)).catch(() => null));
  }

  /** Journals that bytes may go out from now on. When the disk refuses, none do. */
  private async isBegun(): Promise<boolean> {
    try {
      await this.journalBegun();
      return true;
    } catch (error) {
      this.ports.watch.note('journal write failed', { attemptId: this.attempt.command.attemptId, error });
      return false;
    }
  }

  private async askUntilEnded(): Promise<AttemptResult> {
    for (;;) {
      const step = await this.askOnce();
      if (step.kind === 'ended') return step.result;
    }
  }

  private async askOnce(): Promise<Step> {
    const { line, command, drive } = this.attempt;
    let sent = false;
    this.heard = null;
    this.hindrance = null;
    drive.whileRunning(() => line.abort());
    const running = line.run(requestFor(command), {
      mayStillSend: () => this.mayStillSend(sent),
      onSent: () => {
        sent = true;
        if (this.asks === 1) this.teller.tell('on_terminal');
      },
      onHeartbeat: () => this.teller.stillWorking(),
      store: async (answer) => {
        await this.hear(answer, sent);
      },
    });
    try {
      return await this.hear(await running.catch((error: unknown) => this.broken(error)), sent);
    } catch (error) {
      this.ports.watch.note('journal write failed', { attemptId: command.attemptId, error });
      return { kind: 'ended', result: this.resultOf(null) };
    } finally {
      drive.whileRunning(null);
    }
  }

  /** Nobody knows what a terminal did whose conversation broke. */
  private broken(error: unknown): TerminalAnswer {
    this.ports.watch.note('conversation failed', { attemptId: this.attempt.command.attemptId, error });
    return { kind: 'unknown', why: 'the conversation failed' };
  }

  /**
   * Directly before the first byte of every ask: the permit's time on both clocks, its lease, and no cancel. Asked again when the terminal wants a
   * garbled frame repeated: then a cancel is the running operation's matter.
   */
  private mayStillSend(repeated: boolean): boolean {
    const { drive, grant, askedAt } = this.attempt;
    const { clock } = this.ports;
    const withinMs = this.asks === 1 ? grant.sendWithinMs : grant.driveWithinMs;
    if (drive.cancelRequested && !repeated) this.hindrance = 'cancel';
    else if (elapsedMs(clock, askedAt) >= withinMs || !drive.isInForce(clock)) this.hindrance = 'time';
    return this.hindrance === null;
  }

  private hear(answer: TerminalAnswer, sent: boolean): Promise<Step> {
    this.heard ??= this.judge(answer, sent);
    return this.heard;
  }

  private async judge(answer: TerminalAnswer, sent: boolean): Promise<Step> {
    if (answer.kind === 'outcome' && answer.readFailure && answer.outcome.kind !== 'approved') {
      this.countReadFailure();
      this.lastRead = { kind: 'failed', reason: 'card_read_error', facts: answer.outcome.facts };
      this.unkept = this.make(this.lastRead);
      if (this.readFailures >= this.readAttemptsMax) return await this.keep(this.lastRead);
      this.asks += 1;
      await this.journalBegun();
      return { kind: 'ask-again' };
    }
    return await this.keep(this.outcomeOf(answer, sent));
  }

  private countReadFailure(): void {
    this.readFailures += 1;
    this.ports.watch.readFailed(this.attempt.command);
    this.teller.tell('card_read_failed', { n: this.readFailures, of: this.readAttemptsMax });
  }

  private outcomeOf(answer: TerminalAnswer, sent: boolean): Outcome {
    if (answer.kind === 'outcome') return this.named(answer.outcome);
    // A driver that reports bytes and then none is not believed.
    if (answer.kind === 'not-sent' && !sent) return this.unsent();
    return ended('unknown', answer.kind === 'unknown' ? 'terminal_unreachable' : 'unrecognised');
  }

  /** The terminal says "cancelled" whoever cancelled; the worker knows when it was the cashier. */
  private named(outcome: Outcome): Outcome {
    if (outcome.kind === 'cancelled' && this.attempt.drive.cancelRequested) return { ...outcome, reason: 'cashier_cancelled' };
    return outcome;
  }

  private unsent(): Outcome {
    this.ports.watch.note('attempt not sent', { attemptId: this.attempt.command.attemptId, hindrance: this.hindrance ?? 'connection closed' });
    // Every earlier ask of this attempt ended with a proved read failure.
    const { facts } = this.lastRead ?? { facts: noBankFacts };
    if (this.attempt.drive.cancelRequested) return { kind: 'cancelled', reason: 'cashier_cancelled', facts };
    if (this.lastRead) return this.lastRead;
    return ended('failed', this.hindrance === 'time' ? 'terminal_fault' : 'terminal_unreachable');
  }

  private make(outcome: Outcome): AttemptResult {
    return makeResult(this.attempt.command, { nonce: this.attempt.drive.nonce, outcome, readFailures: this.readFailures, source: 'answer' }, this.ports);
  }

  /** Puts the end of the attempt into the journal; only then may the terminal forget it. */
  private async keep(outcome: Outcome): Promise<Step> {
    const result = this.make(outcome);
    this.unkept = result;
    const { command, drive, askedAt } = this.attempt;
    await this.ports.journal.write({ state: 'answered', command, nonce: drive.nonce, readFailures: this.readFailures, askedAtMs: askedAt.wallMs, result });
    return { kind: 'ended', result };
  }

  private resultOf(step: Step | null): AttemptResult {
    if (step?.kind === 'ended') return step.result;
    return this.unkept ?? this.make(ended('unknown', 'unrecognised'));
  }

  private journalBegun(): Promise<void> {
    const { command, drive, askedAt } = this.attempt;
    const { asks, readFailures } = this;
    return this.ports.journal.write({ state: 'begun', command, nonce: drive.nonce, asks, readFailures, askedAtMs: askedAt.wallMs });
  }
}
