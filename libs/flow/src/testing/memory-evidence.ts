import type { KeptEvidence } from '@kkm/core';
import { saysSame } from '../ledger/evidence';
import type { EvidenceWrite } from '../ledger/evidence';

/** The table of evidence in memory: what was heard before counts up, and doubt is kept up to its bound. */
export class MemoryEvidence {
  private readonly kept = new Map<string, KeptEvidence[]>();

  /** Keeps what a change notes. */
  keep({ attemptId, pieces, keptMax }: EvidenceWrite): void {
    const all = this.kept.get(attemptId) ?? [];
    this.kept.set(attemptId, all);
    for (const piece of pieces) {
      const at = all.findIndex((other) => saysSame(other, piece));
      const heard = all[at];
      if (heard) all[at] = { ...heard, times: heard.times + 1, lastAt: piece.at > heard.lastAt ? piece.at : heard.lastAt };
      else if (keptMax === null || all.length < keptMax) all.push({ ...piece, attemptId, times: 1, lastAt: piece.at });
    }
  }

  /** What was said about an attempt, in the order it was first heard. */
  of(attemptId: string): readonly KeptEvidence[] {
    return this.kept.get(attemptId) ?? [];
  }
}
