import type { CertificationRecord } from '../gateway/certification/certification-record';
import type { CertificationFilter, CertificationStore } from '../gateway/certification/certification-store';

/** Certifications in memory. Passes `certificationStoreConformance`. */
export class MemoryCertificationStore implements CertificationStore {
  private readonly rows = new Map<string, { readonly record: CertificationRecord; readonly dueMs: number | null }>();

  add(record: CertificationRecord): Promise<boolean> {
    const { siteId, terminalId } = record;
    const others = [...this.rows.values()].map((row) => row.record);
    if (others.some((other) => other.state === 'running' && other.siteId === siteId && other.terminalId === terminalId)) return Promise.resolve(false);
    this.rows.set(record.id, { record, dueMs: Date.parse(record.startedAt) });
    return Promise.resolve(true);
  }

  find(id: string): Promise<CertificationRecord | null> {
    return Promise.resolve(this.rows.get(id)?.record ?? null);
  }

  list({ siteId, terminalId, beforeId, limit }: CertificationFilter): Promise<readonly CertificationRecord[]> {
    const all = [...this.rows.values()].map((row) => row.record);
    const there = all.filter((one) => one.siteId === siteId && one.terminalId === terminalId && (beforeId === null || one.id < beforeId));
    return Promise.resolve(there.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit));
  }

  takeDue({ nowMs, untilMs, limit }: Parameters<CertificationStore['takeDue']>[0]): Promise<readonly CertificationRecord[]> {
    const due = [...this.rows.values()].filter(({ record, dueMs }) => record.state === 'running' && dueMs !== null && dueMs <= nowMs).slice(0, limit);
    for (const { record } of due) this.rows.set(record.id, { record, dueMs: untilMs });
    return Promise.resolve(due.map(({ record }) => record));
  }

  save(record: CertificationRecord, dueMs: number | null): Promise<boolean> {
    const isSame = this.rows.get(record.id)?.record.version === record.version;
    if (isSame) this.rows.set(record.id, { record: { ...record, version: record.version + 1 }, dueMs });
    return Promise.resolve(isSame);
  }
}
