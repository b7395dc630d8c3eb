import type { QrAnswer, QrRequest } from '@kkm/core';
import type { LedgerStore, QrStore, SbpBanks } from '@kkm/flow/ledger';
import type { MemoryLedgerStore, SchemaRules } from '@kkm/flow/testing';
import type { WorkerPorts } from '@kkm/flow/worker';
import type { Focus } from './focused';
import type { Judge } from './people-audit';

/** A fault planted into the harness's own wiring, to see that the simulation catches it. Nothing of it is in the product. */
export interface Defect {
  readonly rules?: (rules: SchemaRules) => SchemaRules;
  readonly store?: (store: LedgerStore) => LedgerStore;
  /** Judges payments otherwise. */
  readonly verdict?: (judge: Judge) => Judge;
  /** Changes what the ledger in memory knows of terminals. */
  readonly recovery?: (recovery: MemoryLedgerStore['recovery']) => void;
  readonly worker?: (ports: WorkerPorts) => WorkerPorts;
  /** Changes what the ledger hears of the banks of SBP. */
  readonly banks?: (banks: SbpBanks) => SbpBanks;
  /** Changes which codes are due. */
  readonly qrs?: (store: QrStore & LedgerStore) => QrStore;
  /** Changes what workers are told to show. */
  readonly ask?: (ask: AskToShow, store: LedgerStore) => AskToShow;
}

/** A worker asks the ledger what to show. */
export type AskToShow = (request: QrRequest) => Promise<QrAnswer>;

/** A planted defect: which clause of the fine print it breaks, what it does, and a seed known to catch it. */
export interface Control {
  readonly name: string;
  /** Clause of the fine print of money; null for the further ones. */
  readonly clause: number | null;
  readonly seed: number;
  /** How histories are drawn for it; otherwise as all are. */
  readonly draw?: Focus;
  /** What must be said for the defect to count as caught. */
  readonly caught: RegExp;
  readonly defect: Defect;
}
