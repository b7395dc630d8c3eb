import { KnownError } from '@kkm/core';
import { stale, untilSaved } from '../until-saved';
import { qrMove } from './qr-decision';
import type { QrMove } from './qr-decision';
import type { QrStore } from './qr-store';
import { sbpTimes } from './sbp-bank';
import type { QrAtBank, SbpBanks } from './sbp-bank';
import { findQr, SettleQr } from './settle-qr';
import type { FoundQr, QrPorts } from './settle-qr';

/** How many QRs one ledger asks about at the same time at most. */
export const qrsAtOnceMax = 64;

/** What {@link WatchQrs} tells whoever watches it. */
export interface QrWatch {
  asked(bank: string, what: 'status' | 'cancel', answer: QrAtBank['kind'] | 'no-answer'): void;
  failed(error: unknown): void;
}

/**
 * Asks banks how their QRs stand: open ones all the time, ending ones until the bank confirms the end, dead ones for as long as money can still come
 * (design-money, clauses 10, 18 and 20). What is due is read from the tables, so restarts and replicas change nothing.
 */
export class WatchQrs {
  private readonly settle: SettleQr;
  private readonly working = new Set<Promise<void>>();

  constructor(
    private readonly ports: QrPorts & { readonly qrs: QrStore; readonly watch: QrWatch },
    private readonly banks: SbpBanks,
  ) {
    this.settle = new SettleQr(ports);
  }

  /** Begins whatever is due; a bank that is slow holds nobody else up. Throws `Unavailable` when the database cannot be had. */
  async look(): Promise<void> {
    const limit = qrsAtOnceMax - this.working.size;
    if (limit <= 0) return;
    // Longer than both calls of one step can take: of several ledgers one asks.
    const due = await this.ports.qrs.dueQrs(this.ports.around.nowMs(), { claimMs: 2 * sbpTimes.callMs + 1_000, limit });
    for (const { attemptId } of due) this.begin(attemptId);
  }

  /** {@link look}, and what it began. */
  async execute(): Promise<void> {
    await this.look();
    await this.idle();
  }

  /** Resolves when nothing is being asked. */
  async idle(): Promise<void> {
    await Promise.all(this.working);
  }

  private begin(attemptId: string): void {
    const work = this.step(attemptId)
      .catch((error: unknown) => this.ports.watch.failed(error))
      .finally(() => this.working.delete(work));
    this.working.add(work);
  }

  private async step(attemptId: string): Promise<void> {
    const found = await untilSaved(async () => {
      const now = await findQr(this.ports.store, attemptId);
      return now && (await this.prepare(now));
    });
    if (!found) return;
    await this.settle.heard(attemptId, await this.ask(found.qr, found.move.cancelFirst));
  }

  /** Takes the steps that need no bank; the QR whose bank is to be asked, or null. */
  private async prepare(qr: FoundQr): Promise<{ readonly qr: FoundQr; readonly move: Extract<QrMove, { kind: 'ask' }> } | null | typeof stale> {
    const { record, attempt } = qr;
    const cancelPending = record.shown.cancelRequested === 'pending';
    const { status } = attempt.shown;
    const move = qrMove({ qr: qr.qr, status, cancelPending, leaseUntilMs: attempt.permit?.leaseUntilMs ?? null, nowMs: this.ports.around.nowMs() });
    switch (move.kind) {
      case 'ask':
        return { qr, move };
      case 'end':
        // Looked at anew: now it is to be cancelled at its bank.
        await this.settle.end(qr, move.reason);
        return stale;
      case 'rest':
        return (await this.settle.askNext(qr, null)) === stale ? stale : null;
      case 'wait':
        return (await this.settle.askNext(qr, move.atMs)) === stale ? stale : null;
      case 'give-up':
        return (await this.settle.giveUp(qr, move)) === stale ? stale : null;
    }
  }

  /** What the bank says of it; null when it says nothing. */
  private async ask({ record, attempt, qr }: FoundQr, cancelFirst: boolean): Promise<QrAtBank | null> {
    const bank = await this.banks.of(record.shown.siteId, qr.bank);
    if (!bank || qr.qrId === null) return null;
    const name = { orderId: attempt.shown.id, qrId: qr.qrId };
    if (cancelFirst) await this.tell(qr.bank, 'cancel', () => bank.cancel(name).then(() => null));
    return this.tell(qr.bank, 'status', () => bank.status(name));
  }

  private async tell(bank: string, what: 'status' | 'cancel', call: () => Promise<QrAtBank | null>): Promise<QrAtBank | null> {
    try {
      const at = await call();
      if (at) this.ports.watch.asked(bank, what, at.kind);
      return at;
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      this.ports.watch.asked(bank, what, 'no-answer');
      return null;
    }
  }
}
