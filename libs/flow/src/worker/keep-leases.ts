import { Unavailable, type HeartbeatAnswer } from '@kkm/core';
import type { Drives } from './drives';
import { now } from './moments';
import type { Clock, WorkerLedger, WorkerWatch } from './ports';
import type { TerminalLines } from './terminal-lines';

/** What {@link KeepLeases} needs of the worker around it. */
export interface LeasePorts {
  readonly workerId: string;
  readonly siteId: string;
  readonly clock: Clock;
  readonly ledger: Pick<WorkerLedger, 'heartbeat'>;
  readonly lines: TerminalLines;
  readonly drives: Drives;
  readonly watch: Pick<WorkerWatch, 'note'>;
}

/** Tells the ledger that this worker lives, and hears which leases it still has, who shares the site and what is to be cancelled. */
export class KeepLeases {
  private members: readonly string[];
  private answered = false;

  constructor(private readonly ports: LeasePorts) {
    this.members = [ports.workerId];
  }

  /** The live workers of the site as the ledger last told, this one included. */
  get workerIds(): readonly string[] {
    return this.members;
  }

  /** Whether the ledger answered the last heartbeat. */
  get heard(): boolean {
    return this.answered;
  }

  /** One heartbeat. Without an answer the leases run on until they lapse by this worker's own clocks. */
  async beat(options: { readonly leaving: boolean }): Promise<void> {
    const { workerId, siteId, clock, ledger, lines, drives, watch } = this.ports;
    const askedAt = now(clock);
    const leased = lines.all().filter((line) => line.holdsLease());
    const driving = drives.all();
    try {
      const answer = await ledger.heartbeat({
        workerId,
        siteId,
        terminalIds: leased.map((line) => line.terminalId),
        linkedTerminalIds: leased.filter((line) => line.quietMs() !== null).map((line) => line.terminalId),
        driving: driving.map((drive) => ({ attemptId: drive.command.attemptId, nonce: drive.nonce })),
        leaving: options.leaving,
      });
      const lostTerminals = new Set(answer.lostTerminalIds);
      for (const line of leased) if (!lostTerminals.has(line.terminalId)) line.renewLease(askedAt, answer.leaseMs);
      for (const line of leased) if (lostTerminals.has(line.terminalId)) line.loseLease();
      const lostAttempts = new Set(answer.lostAttemptIds);
      for (const drive of driving) {
        if (lostAttempts.has(drive.command.attemptId)) drive.lose();
        else drive.renew(askedAt, answer.leaseMs);
      }
      this.hear(answer);
      this.answered = true;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.answered = false;
      watch.note('ledger does not answer', { call: 'worker.heartbeat' });
    }
  }

  private hear(answer: HeartbeatAnswer): void {
    this.members = answer.workerIds.includes(this.ports.workerId) ? answer.workerIds : [...answer.workerIds, this.ports.workerId];
    for (const attemptId of answer.cancelAttemptIds) this.ports.drives.find(attemptId)?.requestCancel();
  }
}
