import type { QrWrite } from '../ledger/change';
import type { QrRecord } from '../ledger/records';
import { RuleBroken } from './memory-table';

/** The QRs of attempts in memory. What a bank was asked, and what it made, is written once, as the database has it. */
export class MemoryQrs {
  private readonly rows = new Map<string, QrRecord>();
  /** Off only to show what happens then. */
  isGuarded = true;

  find(attemptId: string): QrRecord | null {
    return this.rows.get(attemptId) ?? null;
  }

  /** Writes the QR of a new attempt; that of one that is there is left alone. */
  plan(attemptId: string, qr: QrRecord): void {
    if (!this.rows.has(attemptId)) this.rows.set(attemptId, qr);
  }

  /** Throws where the database would refuse. */
  check({ attemptId, qr }: QrWrite): void {
    const old = this.rows.get(attemptId);
    if (!old || !this.isGuarded) return;
    const isRewritten =
      (old.askedAtMs !== null && qr.askedAtMs !== old.askedAtMs) ||
      (old.qrId !== null && qr.qrId !== old.qrId) ||
      ((old.stage === 'paid' || old.stage === 'lost') && qr.stage !== old.stage);
    if (isRewritten) throw new RuleBroken('qr_written_once');
  }

  write({ attemptId, qr }: QrWrite): void {
    this.rows.set(attemptId, qr);
  }

  /** Ids of attempts whose bank is to be asked by then; each is given away once for `claimMs`. */
  due(nowMs: number, { claimMs, limit }: { readonly claimMs: number; readonly limit: number }): readonly string[] {
    const due = [...this.rows].filter(([, { nextAskAtMs }]) => nextAskAtMs !== null && nextAskAtMs <= nowMs);
    due.sort(([, a], [, b]) => (a.nextAskAtMs ?? 0) - (b.nextAskAtMs ?? 0));
    const taken = due.slice(0, limit);
    for (const [attemptId, qr] of taken) this.rows.set(attemptId, { ...qr, nextAskAtMs: nowMs + claimMs });
    return taken.map(([attemptId]) => attemptId);
  }
}
