import type { LedgerStore } from '@kkm/flow/ledger';
import type { SchemaRules } from '@kkm/flow/testing';
import type { WorkerPorts } from '@kkm/flow/worker';

/** A fault planted into the harness's own wiring, to see that the simulation catches it. Nothing of it is in the product. */
export interface Defect {
  readonly rules?: (rules: SchemaRules) => SchemaRules;
  readonly store?: (store: LedgerStore) => LedgerStore;
  readonly worker?: (ports: WorkerPorts) => WorkerPorts;
}
