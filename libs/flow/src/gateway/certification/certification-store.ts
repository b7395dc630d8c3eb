import type { CertificationRecord } from './certification-record';

/** Where certifications are kept; every replica of the gateway sees the same. All methods throw `Unavailable` when the database cannot be had. */
export interface CertificationStore {
  /** Stores it, due at once, unless another runs on its terminal: false then. */
  add(record: CertificationRecord): Promise<boolean>;
  find(id: string): Promise<CertificationRecord | null>;
  /** Newest first. */
  list(filter: CertificationFilter): Promise<readonly CertificationRecord[]>;
  /** Running ones whose time has come, each put off to `untilMs`: whoever takes one and dies leaves it to others then. */
  takeDue(times: { readonly nowMs: number; readonly untilMs: number; readonly limit: number }): Promise<readonly CertificationRecord[]>;
  /** Writes it under the next version if it still has the one that `record` names; false: somebody was faster. `dueMs`: when it is to be looked at next; null: not before somebody says so. */
  save(record: CertificationRecord, dueMs: number | null): Promise<boolean>;
}

/** A page of a terminal's certifications. */
export interface CertificationFilter {
  readonly siteId: string;
  readonly terminalId: string;
  /** Only those begun before the one with this id. */
  readonly beforeId: string | null;
  readonly limit: number;
}
