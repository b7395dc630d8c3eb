import type { BaselineAnswer, BaselineRequest, KnowledgeRequest, TerminalKnowledge } from '@kkm/core';
import type { LedgerStore } from './ledger-store';
import type { LedgerSurroundings } from './surroundings';

/** Records what a terminal's report shows while nothing is unfinished there, so that a later report can prove something (design-money, clause 6). */
export class RecordBaseline {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** Refuses while an attempt is granted or in doubt at the terminal: what its report shows then may be that attempt's money. */
  async execute(request: BaselineRequest): Promise<BaselineAnswer> {
    return this.store.keepBaseline(request, this.around.nowMs());
  }
}

/** Tells which operations of a terminal are known, and how far back a report must reach to prove that an attempt was not charged. */
export class ReadTerminalKnowledge {
  constructor(private readonly store: LedgerStore) {}

  /** Of a terminal without a baseline, or an attempt without a permit, nothing is known by absence: `anchor` is null. */
  async execute(request: KnowledgeRequest): Promise<TerminalKnowledge> {
    return this.store.knowledge(request);
  }
}
