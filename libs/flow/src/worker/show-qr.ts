import { formatMinor, Rejected, Unavailable, unreachable } from '@kkm/core';
import type { PaymentCommand, QrAnswer, QrDisplay, ShownQr, TerminalAnswer } from '@kkm/core';
import type { Drive } from './drives';
import { elapsedMs, now } from './moments';
import type { Moment } from './moments';
import type { Disposition, ProgressPublisher, WorkerLedger } from './ports';
import { ProgressTeller } from './progress-teller';
import { reachTerminal } from './reach-terminal';
import type { ReachPorts } from './reach-terminal';
import { backoff } from './stop-sign';
import type { TerminalLine } from './terminal-line';

/** What {@link ShowQr} needs of the worker around it. */
export interface ShowPorts extends ReachPorts {
  readonly workerId: string;
  readonly ledger: Pick<WorkerLedger, 'showQr' | 'baseline'>;
  readonly progress: ProgressPublisher;
}

/** One attempt whose permit this handling has. */
export interface ShownAttempt {
  readonly line: TerminalLine;
  readonly command: PaymentCommand;
  readonly drive: Drive;
}

/** A code the ledger told in this handling, and until when it may be on the screen. */
interface Told {
  readonly qr: ShownQr;
  readonly at: Moment;
  readonly forMs: number;
}

/**
 * Shows a bank's QR for as long as the ledger says so, and nothing that the ledger did not tell in this very handling (design-money, clause 19).
 *
 * Nothing of it is journalled: no money moves through the terminal, the same code may be shown by anyone any number of times, and a bank takes it once. So
 * there is nothing to recover either: whoever gets the delivery next asks the ledger and goes on.
 */
export class ShowQr {
  private told: Told | null = null;
  private display: QrDisplay = 'none';
  private isVisible = false;
  private failures = 0;
  private readonly teller: ProgressTeller;

  constructor(
    private readonly attempt: ShownAttempt,
    private readonly ports: ShowPorts,
  ) {
    this.teller = new ProgressTeller(attempt.command, ports);
  }

  /** `done`: the ledger says that the display is over. `retry`: another handling has it, or this worker leaves; the delivery is for whoever comes next. */
  async run(): Promise<Disposition> {
    const { drive } = this.attempt;
    const { stop, clock, times } = this.ports;
    while (!stop.raised && drive.isInForce(clock)) {
      const answer = await this.ask();
      const next = answer ?? this.whileSilent();
      switch (next.kind) {
        case 'show':
          await this.show(next);
          break;
        case 'wait':
          await stop.pause(clock, next.retryAfterMs);
          break;
        case 'ended':
          if (this.isVisible) this.teller.tell('qr_hidden', { detail: next.status });
          return 'done';
        case 'not-in-force':
          return 'retry';
        default:
          return unreachable(next);
      }
    }
    // The permit may be lost or only unrenewed: the delivery is handled anew, and the permit is asked for again.
    await stop.pause(clock, times.permitRetryMs);
    return 'retry';
  }

  /** Null when the ledger does not answer. */
  private async ask(): Promise<QrAnswer | null> {
    const { line, command, drive } = this.attempt;
    const { ledger, workerId, clock, watch } = this.ports;
    const { siteId, attemptId } = command;
    const at = now(clock);
    try {
      const answer = await ledger.showQr({ workerId, siteId, terminalId: line.terminalId, attemptId, nonce: drive.nonce, display: this.display });
      this.failures = 0;
      this.display = 'none';
      this.told = answer.kind === 'show' ? { qr: answer.qr, at, forMs: answer.forMs } : null;
      return answer;
    } catch (error) {
      if (!(error instanceof Unavailable) && !(error instanceof Rejected)) throw error;
      this.failures += 1;
      watch.note('ledger does not answer', { attemptId, call: 'worker.qr', failures: this.failures });
      return null;
    }
  }

  /** A silent ledger takes nothing back: the guest may be paying. What it told goes on for as long as it said. */
  private whileSilent(): Extract<QrAnswer, { kind: 'show' | 'wait' }> {
    const { times } = this.ports;
    const { told } = this;
    const isLost = this.display === 'lost' || this.display === 'refused' || this.display === 'cancelled';
    const leftMs = told && !isLost ? this.leftMs(told) : 0;
    if (told && leftMs > 0) return { kind: 'show', qr: told.qr, forMs: leftMs };
    return { kind: 'wait', retryAfterMs: backoff(Math.max(1, this.failures), times.backoffMs, times.backoffMaxMs / 10) };
  }

  private leftMs({ at, forMs }: Told): number {
    return forMs - elapsedMs(this.ports.clock, at);
  }

  private async show({ qr, forMs }: Extract<QrAnswer, { kind: 'show' }>): Promise<void> {
    const { line, command, drive } = this.attempt;
    const { clock, stop, times } = this.ports;
    if (!(await this.isReached())) {
      this.display = 'lost';
      return stop.pause(clock, times.backoffMs);
    }
    const seconds = Math.max(1, Math.min(line.qrShowSeconds(), Math.ceil(forMs / 1_000)));
    const takeOff = { asked: false };
    const end = (): void => {
      takeOff.asked = true;
      line.abort();
    };
    drive.whileShowing(end);
    const forget = stop.whenRaised(end);
    try {
      // A display is no financial request: the driver asks nothing before it and does not say when it went out.
      if (takeOff.asked || !drive.isInForce(clock)) return;
      this.tellShown(qr);
      const request = { kind: 'show-qr', payload: qr.payload, header: 'СБП', footer: `${formatMinor(command.amount)} руб.`, seconds } as const;
      const answer = await line.run(request, {
        mayStillSend: () => true,
        onSent: () => undefined,
        onHeartbeat: () => this.teller.stillWorking(),
        store: () => Promise.resolve(),
      });
      this.display = takeOff.asked ? 'shown' : displayOf(answer);
    } finally {
      forget();
      drive.whileShowing(null);
    }
    if (this.display === 'lost') await stop.pause(clock, times.backoffMs);
  }

  private async isReached(): Promise<boolean> {
    const { line } = this.attempt;
    if (line.connected && line.holdsLease()) return true;
    try {
      return (await reachTerminal(line, this.ports)).kind === 'ready';
    } catch (error) {
      if (error instanceof Unavailable) return false;
      throw error;
    }
  }

  private tellShown(qr: ShownQr): void {
    if (this.isVisible) return;
    this.isVisible = true;
    this.teller.tell('qr_shown', { qr });
  }
}

function displayOf(answer: TerminalAnswer): QrDisplay {
  if (answer.kind !== 'qr-shown') return 'lost';
  const how = answer.how ?? (answer.ok ? 'ended' : 'refused');
  return how === 'ended' ? 'shown' : how;
}
