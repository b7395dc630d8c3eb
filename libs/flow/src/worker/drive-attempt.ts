import { idMadeAtMs, Unavailable, unreachable, type OutcomeReason, type PaymentCommand } from '@kkm/core';
import { ended, makeResult } from './attempt-results';
import { Drive } from './drives';
import { elapsedMs, now, type Moment } from './moments';
import { PermitTalk, type PermitHeard, type PermitPorts } from './permit-talk';
import type { Disposition, WorkerLedger } from './ports';
import { reachTerminal } from './reach-terminal';
import { doubtOf } from './doubt';
import type { RecoverAttempt, RecoverPorts } from './recover-attempt';
import { RunAttempt } from './run-attempt';
import { backoff } from './stop-sign';
import type { TerminalLine } from './terminal-line';
import { ShowQr } from './show-qr';
import { isBankQr, isSupported } from './terminal-requests';

/** What {@link DriveAttempt} needs of the worker around it. */
export interface DrivePorts extends Omit<RecoverPorts, 'ledger'>, Omit<PermitPorts, 'ledger' | 'watch' | 'journal'> {
  readonly ledger: Pick<WorkerLedger, 'permit' | 'standing' | 'baseline' | 'showQr'>;
  readonly recover: RecoverAttempt;
}

/** What to do next with a delivery: settle it, or ask the ledger again after a pause. */
type Next = { readonly kind: 'settle'; readonly disposition: Disposition } | { readonly kind: 'again'; readonly afterMs: number };

const settle = (disposition: Disposition): Next => ({ kind: 'settle', disposition });
const again = (afterMs: number): Next => ({ kind: 'again', afterMs });

/**
 * Drives the attempt of one delivery: lease, link, permit, journal, terminal, journal, result. Whatever is in the way is waited for with the delivery
 * held, until the ledger says that the attempt is over (design-money, clause 11).
 */
export class DriveAttempt {
  constructor(private readonly ports: DrivePorts) {}

  /** Handles one delivery of `command`. A second delivery for the same terminal waits for the end of the first, even in the same process. */
  async handle(line: TerminalLine, command: PaymentCommand): Promise<Disposition> {
    const { watch, clock } = this.ports;
    const madeAtMs = idMadeAtMs(command.attemptId);
    if (madeAtMs !== null) watch.queueWaited(command, Math.max(0, clock.wallMs() - madeAtMs));
    try {
      return await line.exclusive(() => this.handleAlone(line, command));
    } catch (error) {
      if (error instanceof Unavailable) return 'retry';
      throw error;
    }
  }

  private async handleAlone(line: TerminalLine, command: PaymentCommand): Promise<Disposition> {
    const { deliver, journal, recover, ids, stop, clock } = this.ports;
    if (deliver.isConfirmed(command.attemptId)) return 'done';
    const entry = isBankQr(command) ? null : journal.find(command.attemptId);
    if (entry?.state === 'answered') return (await deliver.deliver(command, entry.result)) === 'held' ? 'retry' : await this.afterDelivery(line, command);
    // Begun once is begun for ever: from here on the terminal is asked, whatever the ledger answers.
    if (entry) return await recover.hold(line, doubtOf(entry, ids.draw('nonce')));
    if (!isSupported(command)) return await this.failUnpermitted(command, 'not_supported');
    const handling = { line, command, talk: new PermitTalk(command, this.ports), pace: new Pace() };
    for (;;) {
      if (stop.raised) return 'retry';
      const next = await this.step(handling);
      if (next.kind === 'settle') return next.disposition;
      await stop.pause(clock, next.afterMs);
    }
  }

  /** One round: reach the terminal, ask for the permit, act on the answer. */
  private async step(handling: Handling): Promise<Next> {
    const { line, command, talk } = handling;
    const { times, watch } = this.ports;
    try {
      const reached = await reachTerminal(line, this.ports);
      if (reached.kind === 'busy') return again(reached.retryAfterMs);
      if (reached.kind === 'unreachable') return await this.afterUnreachable(handling, reached.reason);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      watch.note('ledger does not answer', { attemptId: command.attemptId, call: 'worker.lease' });
      return again(handling.pace.nextPause(times));
    }
    const askedAt = now(this.ports.clock);
    const heard = await talk.ask();
    return isBankQr(command) ? await this.afterQrPermit(handling, { heard, askedAt }) : await this.afterPermit(handling, heard);
  }

  private async afterPermit(handling: Handling, heard: PermitHeard): Promise<Next> {
    switch (heard.kind) {
      case 'granted':
        return settle(await this.run(handling, heard));
      case 'granted-unheard':
        return settle(await this.neverSent(handling.command, heard.nonce));
      case 'unanswered':
        return settle('retry');
      case 'refused':
        return await this.afterRefusal(handling, heard);
      default:
        return unreachable(heard);
    }
  }

  /** Showing the code moves no money here, so whoever has the permit shows it: granted now, granted to an earlier handling, or granted unheard. */
  private async afterQrPermit(handling: Handling, { heard, askedAt }: { readonly heard: PermitHeard; readonly askedAt: Moment }): Promise<Next> {
    switch (heard.kind) {
      case 'granted':
        return settle(await this.show(handling, { nonce: heard.nonce, askedAt: heard.askedAt, leaseMs: heard.grant.leaseMs }));
      case 'granted-unheard':
        return settle(await this.show(handling, { nonce: heard.nonce, askedAt, leaseMs: this.ports.times.heartbeatMs * 2 }));
      case 'unanswered':
        return settle('retry');
      case 'refused':
        return heard.answer.kind === 'already-granted'
          ? settle(await this.show(handling, { nonce: heard.nonce, askedAt, leaseMs: heard.answer.leaseMs }))
          : await this.afterRefusal(handling, heard);
      default:
        return unreachable(heard);
    }
  }

  private async show(
    { line, command }: Handling,
    { nonce, askedAt, leaseMs }: { readonly nonce: string; readonly askedAt: Moment; readonly leaseMs: number },
  ): Promise<Disposition> {
    const { drives } = this.ports;
    const drive = new Drive(command, nonce, { askedAt, leaseMs });
    drives.start(drive);
    try {
      return await new ShowQr({ line, command, drive }, this.ports).run();
    } finally {
      drives.end(drive);
    }
  }

  private async afterRefusal({ line, command, pace }: Handling, { answer, nonce }: Extract<PermitHeard, { kind: 'refused' }>): Promise<Next> {
    switch (answer.kind) {
      case 'being-driven':
      case 'terminal-busy':
        return again(answer.retryAfterMs);
      case 'terminal-in-doubt':
        await this.recoverOther(line, answer.attemptId, pace);
        return again(answer.retryAfterMs);
      case 'not-leased':
        line.loseLease();
        return again(pace.afterLost(this.ports.times));
      case 'already-granted':
        return settle(await this.ports.recover.hold(line, { command, nonce, begin: null, readFailures: 0, confirmed: false }));
      case 'expired':
      case 'withdrawn':
      case 'verify':
      case 'already-final':
        return settle('done');
      case 'unknown-attempt':
        this.ports.watch.note('attempt unknown to the ledger', { attemptId: command.attemptId });
        return settle({ park: 'unknown-attempt' });
      default:
        return unreachable(answer);
    }
  }

  private async run({ line, command }: Handling, { grant, nonce, askedAt }: Extract<PermitHeard, { kind: 'granted' }>): Promise<Disposition> {
    const { drives } = this.ports;
    const drive = new Drive(command, nonce, { askedAt, leaseMs: grant.leaseMs });
    drives.start(drive);
    try {
      const result = await new RunAttempt({ line, command, drive, grant, askedAt }, this.ports).run();
      this.ports.watch.finished(command, result.outcome);
      if ((await this.ports.deliver.deliver(command, result)) === 'held') return 'retry';
      return result.outcome.kind === 'unknown' ? await this.inDoubt(line, command, { nonce, askedAt, readFailures: result.readFailures }) : 'done';
    } finally {
      drives.end(drive);
    }
  }

  private inDoubt(
    line: TerminalLine,
    command: PaymentCommand,
    facts: { readonly nonce: string; readonly askedAt: Moment; readonly readFailures: number },
  ): Promise<Disposition> {
    this.ports.watch.note('attempt in doubt', { attemptId: command.attemptId, terminalId: command.terminalId });
    const { nonce, readFailures } = facts;
    return this.ports.recover.hold(line, { command, nonce, begin: { askedAtMs: facts.askedAt.wallMs, mayArriveForMs: 0 }, readFailures, confirmed: true });
  }

  /** A result of an earlier run of this process was confirmed now; an `unknown` still wants its answer. */
  private async afterDelivery(line: TerminalLine, command: PaymentCommand): Promise<Disposition> {
    const { journal, recover, ids } = this.ports;
    const entry = journal.find(command.attemptId);
    return entry?.state === 'in-doubt' ? await recover.hold(line, doubtOf(entry, ids.draw('nonce'))) : 'done';
  }

  /** Another attempt keeps the terminal: when this worker remembers it, it can ask the terminal; else its own delivery or the ledger will. */
  private async recoverOther(line: TerminalLine, attemptId: string, pace: Pace): Promise<void> {
    const { journal, recover, ids, clock, times, deliver } = this.ports;
    const entry = journal.find(attemptId);
    if (!entry || !pace.isDue(now(clock), (since) => elapsedMs(clock, since), times)) return;
    if (entry.state === 'answered') await deliver.deliver(entry.command, entry.result);
    else
      await recover.once(
        line,
        doubtOf(
          entry,
          pace.nonceFor(attemptId, () => ids.draw('nonce')),
        ),
      );
  }

  /** The ledger granted a request whose answer came too late to be heard. Nobody else may send under its nonce, and nothing was begun: not charged. */
  private async neverSent(command: PaymentCommand, nonce: string): Promise<Disposition> {
    this.ports.watch.note('attempt not sent', { attemptId: command.attemptId, hindrance: 'the grant was heard too late' });
    const result = makeResult(command, { nonce, outcome: ended('failed', 'terminal_fault'), readFailures: 0, source: 'answer' }, this.ports);
    await this.ports.journal.write({ state: 'answered', command, nonce, readFailures: 0, askedAtMs: this.ports.clock.wallMs(), result });
    this.ports.watch.finished(command, result.outcome);
    return (await this.ports.deliver.deliver(command, result)) === 'confirmed' ? 'done' : 'retry';
  }

  /**
   * The terminal cannot be reached and no permit was asked for in this handling. An earlier handling elsewhere may have had one:
   * then the attempt holds the terminal in the ledger and is in doubt, not failed.
   */
  private async afterUnreachable(handling: Handling, reason: OutcomeReason): Promise<Next> {
    const { line, command, pace } = handling;
    const { ledger, stop, times, watch } = this.ports;
    if (stop.raised) return settle('retry');
    try {
      const standing = await ledger.standing({ siteId: command.siteId, terminalId: line.terminalId });
      if (standing.occupantAttemptId === command.attemptId) return await this.afterHeldElsewhere(handling);
      return settle(await this.failUnpermitted(command, reason));
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      watch.note('ledger does not answer', { attemptId: command.attemptId, call: 'terminals.standing' });
      return again(pace.nextPause(times));
    }
  }

  /** The ledger granted this attempt already, so asking grants nothing new; a grant to a lost request of this handling is never used without a link. */
  private async afterHeldElsewhere(handling: Handling): Promise<Next> {
    const heard = await handling.talk.ask();
    // A code that could not be shown is put on the screen when the terminal is back.
    if (isBankQr(handling.command)) return again(handling.pace.nextPause(this.ports.times));
    return heard.kind === 'granted' ? settle(await this.neverSent(handling.command, heard.nonce)) : await this.afterPermit(handling, heard);
  }

  /** Ends an attempt for which nobody has a permit; the ledger refuses it for any other. Nothing is journalled: the next delivery would find the same. */
  private async failUnpermitted(command: PaymentCommand, reason: OutcomeReason): Promise<Disposition> {
    const result = makeResult(command, { nonce: null, outcome: ended('failed', reason), readFailures: 0, source: 'unpermitted' }, this.ports);
    this.ports.watch.finished(command, result.outcome);
    return (await this.ports.deliver.deliver(command, result)) === 'confirmed' ? 'done' : 'retry';
  }
}

interface Handling {
  readonly line: TerminalLine;
  readonly command: PaymentCommand;
  readonly talk: PermitTalk;
  readonly pace: Pace;
}

/** Paces what one handling repeats: its waits, and its tries to recover the attempt that is in its way. */
class Pace {
  private waits = 0;
  private lost = 0;
  private tries = 0;
  private triedAt: Moment | null = null;
  private readonly nonces = new Map<string, string>();

  nextPause(times: { readonly backoffMs: number; readonly backoffMaxMs: number }): number {
    this.waits += 1;
    return backoff(this.waits, times.backoffMs, times.backoffMaxMs);
  }

  /** A lease that moved once is asked for again at once; over and over it is no accident, as when the ledger waits for a report that the terminal does not give. */
  afterLost(times: { readonly backoffMs: number; readonly backoffMaxMs: number }): number {
    this.lost += 1;
    return this.lost === 1 ? 0 : this.nextPause(times);
  }

  isDue(at: Moment, elapsed: (since: Moment) => number, times: { readonly recoverMs: number; readonly recoverMaxMs: number }): boolean {
    if (this.triedAt && elapsed(this.triedAt) < backoff(this.tries, times.recoverMs, times.recoverMaxMs)) return false;
    this.tries += 1;
    this.triedAt = at;
    return true;
  }

  nonceFor(attemptId: string, draw: () => string): string {
    const nonce = this.nonces.get(attemptId) ?? draw();
    this.nonces.set(attemptId, nonce);
    return nonce;
  }
}
