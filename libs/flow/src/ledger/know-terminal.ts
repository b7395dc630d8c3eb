import type { BaselineAnswer, BaselineRequest, EndBaselineAnswer, EndBaselineRequest, KnowledgeRequest, TerminalKnowledge } from '@kkm/core';
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

/**
 * Forgets the baseline of a terminal that is about to be settled. It goes before the settlement is sent: whatever becomes of that and of the worker, whoever is next
 * leased the terminal learns that it must read the report first, so that no attempt is held against a period that is over (design-money, clauses 5 and 6).
 */
export class EndBaseline {
  constructor(private readonly store: LedgerStore) {}

  /** Refuses while an attempt is granted or in doubt at the terminal: the settlement would wipe out what is to prove its outcome. */
  async execute(request: EndBaselineRequest): Promise<EndBaselineAnswer> {
    return this.store.endBaseline(request);
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
