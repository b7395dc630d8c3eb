import { newTerminal } from '@kkm/core';
import type { AnswerRequestRequest, KeptRequest, TakeRequestRequest } from '@kkm/core';
import { overdueTexts } from '../gateway/request-store';
import type { NewRequest, RequestFilter, RequestStore, StoredRequest } from '../gateway/request-store';

interface Row extends StoredRequest {
  readonly key: string | null;
  readonly nonce: string | null;
}

const timeText = (ms: number): string => new Date(ms).toISOString();

/** Requests to terminals in memory. Passes `requestStoreConformance`. */
export class MemoryRequestStore implements RequestStore {
  private readonly rows = new Map<string, Row>();

  add({ key, draft, askedAtMs, expiresAtMs, ...asked }: NewRequest): Promise<boolean> {
    if (key !== null && this.keyed(asked.siteId, key)) return Promise.resolve(false);
    const ends = { reason: null, text: null, link: null, problem: null, takenAt: null, answeredAt: null };
    const times = { askedAt: timeText(askedAtMs), expiresAt: timeText(expiresAtMs) };
    this.rows.set(asked.id, { key, draft, nonce: null, kept: { ...asked, state: 'asked', ...ends, isDraft: draft !== null, ...times } });
    return Promise.resolve(true);
  }

  find(id: string): Promise<KeptRequest | null> {
    return Promise.resolve(this.rows.get(id)?.kept ?? null);
  }

  byKey(siteId: string, key: string): Promise<StoredRequest | null> {
    return Promise.resolve(this.keyed(siteId, key));
  }

  take({ requestId, siteId, terminalId, nonce, drafts = false }: TakeRequestRequest, nowMs: number): Promise<StoredRequest | null> {
    const row = this.rows.get(requestId);
    if (!row || row.kept.siteId !== siteId || row.kept.terminalId !== terminalId) return Promise.resolve(null);
    if (row.draft !== null && !drafts) return Promise.resolve(null);
    if (row.kept.state === 'running' && row.nonce === nonce) return Promise.resolve(row);
    if (row.kept.state !== 'asked' || Date.parse(row.kept.expiresAt) <= nowMs) return Promise.resolve(null);
    const kept = { ...row.kept, state: 'running', takenAt: timeText(nowMs) } as const;
    const taken = { ...row, nonce, kept };
    this.rows.set(requestId, taken);
    return Promise.resolve(taken);
  }

  newTerminals(siteId: string, nowMs: number, limit: number): Promise<readonly string[]> {
    const waits = ({ kept }: Row): boolean =>
      kept.siteId === siteId && kept.terminalId === newTerminal && kept.state === 'asked' && Date.parse(kept.expiresAt) > nowMs;
    return Promise.resolve(
      [...this.rows.values()]
        .filter(waits)
        .map(({ kept }) => kept.id)
        .sort()
        .slice(0, limit),
    );
  }

  answer({ requestId, siteId, terminalId, nonce, answer }: AnswerRequestRequest, nowMs: number): Promise<void> {
    const row = this.rows.get(requestId);
    const isIts = row?.kept.siteId === siteId && row.kept.terminalId === terminalId && row.kept.state === 'running' && row.nonce === nonce;
    if (row && isIts) this.rows.set(requestId, { ...row, kept: { ...row.kept, ...answer, answeredAt: timeText(nowMs) } });
    return Promise.resolve();
  }

  lapse({ nowMs, takenUntilMs }: { readonly nowMs: number; readonly takenUntilMs: number }): Promise<void> {
    const end = (row: Row, ended: Pick<KeptRequest, 'state' | 'reason' | 'text'>): void => {
      const problem = row.kept.kind === 'link-test' ? 'no_worker' : null;
      this.rows.set(row.kept.id, { ...row, kept: { ...row.kept, problem, ...ended, answeredAt: timeText(nowMs) } });
    };
    for (const row of this.rows.values()) {
      const { state, kind, expiresAt, takenAt } = row.kept;
      if (state === 'asked' && Date.parse(expiresAt) <= nowMs) end(row, { state: 'failed', reason: 'terminal_unreachable', text: overdueTexts.asked });
      if (state !== 'running' || Date.parse(takenAt ?? '') > takenUntilMs) continue;
      if (kind === 'settle') end(row, { state: 'unknown', reason: 'unrecognised', text: overdueTexts.settling });
      else end(row, { state: 'failed', reason: 'terminal_unreachable', text: overdueTexts.running });
    }
    return Promise.resolve();
  }

  list({ siteId, terminalId, kind, beforeId, limit }: RequestFilter): Promise<readonly KeptRequest[]> {
    const fits = (one: KeptRequest): boolean =>
      one.siteId === siteId && one.terminalId === terminalId && (kind === null || one.kind === kind) && (beforeId === null || one.id < beforeId);
    const found = [...this.rows.values()].map(({ kept }) => kept).filter(fits);
    return Promise.resolve(found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit));
  }

  private keyed(siteId: string, key: string): Row | null {
    return [...this.rows.values()].find((row) => row.kept.siteId === siteId && row.key === key) ?? null;
  }
}
