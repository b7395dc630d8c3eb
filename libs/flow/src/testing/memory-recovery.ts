import type { BaselineAnswer, BaselineRequest, EndBaselineAnswer, EndBaselineRequest, KnowledgeRequest, ReportAnchor, TerminalKnowledge } from '@kkm/core';
import { workCommandOf } from '../ledger/records';
import type { AttemptRecord } from '../ledger/records';
import type { Errand, ErrandTimes } from '../ledger/errands';
import type { GrowingClaim } from '../ledger/sbp/qr-store';
import type { MemoryLedgerBooks } from './memory-ledger-books';

interface KeptBaseline extends BaselineRequest {
  readonly readAtMs: number;
}

/** What the ledger in memory knows of terminals' operations, and whom it sends: the tables of migration 0005. */
export class MemoryRecovery {
  /** By `site/terminal`. */
  readonly baselines = new Map<string, KeptBaseline>();
  /** RRNs of operations that a baseline showed and nobody knew, by `site/terminal`. */
  readonly found = new Map<string, Set<string>>();
  /** Whether a report is refused while something is unfinished at its terminal. Off only to show what happens then. */
  isGuarded = true;
  private readonly answeredInVain = new Set<string>();
  private readonly errands = new Map<string, { tries: number; dueAtMs: number }>();

  constructor(private readonly books: MemoryLedgerBooks) {}

  keepBaseline(request: BaselineRequest, nowMs: number): BaselineAnswer {
    const { siteId, terminalId, workerId, operations } = request;
    const place = `${siteId}/${terminalId}`;
    if (this.books.leases.get(place)?.workerId !== workerId) return { kind: 'not-leased' };
    if (this.isGuarded && this.isUnfinishedAt(request)) return { kind: 'busy' };
    const found = operations.map(({ rrn }) => rrn).filter((rrn) => !this.isKnown(request, rrn, null));
    this.baselines.set(place, { ...request, readAtMs: nowMs });
    this.found.set(place, new Set([...(this.found.get(place) ?? []), ...found]));
    return { kind: 'kept', found: found.length };
  }

  endBaseline(request: EndBaselineRequest): EndBaselineAnswer {
    const place = `${request.siteId}/${request.terminalId}`;
    const lease = this.books.leases.get(place);
    if (lease?.workerId !== request.workerId) return { kind: 'not-leased' };
    if (this.isUnfinishedAt(request)) return { kind: 'busy' };
    this.books.leases.set(place, { ...lease, version: lease.version + 1 });
    this.baselines.delete(place);
    return { kind: 'ended' };
  }

  knowledge({ siteId, terminalId, attemptId, rrns }: KnowledgeRequest): TerminalKnowledge {
    const known = rrns.filter((rrn) => this.isKnown({ siteId, terminalId }, rrn, attemptId));
    const grantedAtMs = this.timeOf(this.books.attempts.get(attemptId)?.shown.grantedAt);
    const baseline = this.baselines.get(`${siteId}/${terminalId}`);
    if (!baseline || grantedAtMs === null || baseline.readAtMs >= grantedAtMs) return { known, baseline: null, anchor: null };
    const { bankTerminalId, serialNumber } = baseline;
    return { known, baseline: { bankTerminalId, serialNumber }, anchor: this.anchorOf(baseline, { attemptId, grantedAtMs }) };
  }

  dueErrands(nowMs: number, { firstMs, maxMs, waitingMaxMs, limit }: ErrandTimes & { readonly limit: number }): readonly Errand[] {
    const due: Errand[] = [];
    for (const [attemptId, { shown, moneyPath, ledgerSends }] of this.books.attempts) {
      if (due.length >= limit) break;
      const held = (shown.status === 'granted' || shown.status === 'unknown') && moneyPath === 'terminal';
      const lapsed = held && (this.books.permits.get(attemptId)?.leaseUntilMs ?? Infinity) <= nowMs;
      const isSent = shown.operation === 'sale' ? ledgerSends : moneyPath === 'terminal';
      const waits = shown.status === 'queued' && isSent;
      if (!lapsed && !waits && !this.awaitsAnswer(attemptId)) continue;
      const errand = this.errands.get(attemptId) ?? { tries: waits ? 0 : -1, dueAtMs: nowMs };
      if (errand.dueAtMs > nowMs) continue;
      const pauseMs = Math.min(waits ? waitingMaxMs : maxMs, firstMs * 2 ** Math.max(0, Math.min(errand.tries, 20)));
      const next = { tries: errand.tries + 1, dueAtMs: nowMs + pauseMs };
      this.errands.set(attemptId, next);
      if (next.tries > 0) due.push({ kind: waits ? 'run' : 'recover', command: this.commandOf(attemptId), nextMs: next.dueAtMs });
    }
    return due;
  }

  /** Returns through a bank whose pause is over. */
  dueBankReturns(nowMs: number, { claimMs, maxMs, limit }: GrowingClaim): readonly string[] {
    const isOpen = (status: string): boolean => status === 'queued' || status === 'granted' || status === 'unknown';
    const due = [...this.books.attempts]
      .filter(([id, { shown, moneyPath }]) => moneyPath === 'bank_qr' && shown.operation !== 'sale' && isOpen(shown.status) && this.isDue(id, nowMs))
      .slice(0, limit)
      .map(([attemptId]) => attemptId);
    for (const attemptId of due) {
      const tries = this.errands.get(attemptId)?.tries ?? 0;
      this.errands.set(attemptId, { tries: tries + 1, dueAtMs: nowMs + Math.min(maxMs, claimMs * 2 ** Math.min(tries, 20)) });
    }
    return due;
  }

  private isDue(attemptId: string, nowMs: number): boolean {
    return (this.errands.get(attemptId)?.dueAtMs ?? nowMs) <= nowMs;
  }

  noteAnsweredInVain(attemptId: string): void {
    this.answeredInVain.add(attemptId);
  }

  /** Whether a terminal is still to be asked about what a person decided. */
  awaitsAnswers(): boolean {
    return [...this.books.resolutions.keys()].some((attemptId) => this.awaitsAnswer(attemptId));
  }

  private awaitsAnswer(attemptId: string): boolean {
    return this.books.resolutions.get(attemptId)?.terminal === null && !this.answeredInVain.has(attemptId);
  }

  private isUnfinishedAt(terminal: { readonly siteId: string; readonly terminalId: string }): boolean {
    return this.books.occupant(terminal.siteId, terminal.terminalId) !== null || this.awaitsAnswerAt(terminal);
  }

  private awaitsAnswerAt(terminal: { readonly siteId: string; readonly terminalId: string }): boolean {
    return [...this.books.resolutions.keys()].some((attemptId) => this.awaitsAnswer(attemptId) && this.isAt(attemptId, terminal));
  }

  private commandOf(attemptId: string) {
    const record = this.books.record(this.books.paymentOf.get(attemptId) ?? '');
    if (!record) throw new RangeError(`${attemptId} has no payment`);
    return workCommandOf(record, attemptId);
  }

  private anchorOf(baseline: KeptBaseline, before: { readonly attemptId: string; readonly grantedAtMs: number }): ReportAnchor {
    const later = this.approvedAt(baseline)
      .map((attempt) => ({ rrn: attempt.shown.rrn, id: attempt.shown.id, atMs: this.timeOf(attempt.shown.finishedAt) ?? 0 }))
      .filter(({ id, atMs }) => id !== before.attemptId && atMs > baseline.readAtMs && atMs <= before.grantedAtMs)
      .sort((one, other) => one.atMs - other.atMs);
    const rrn = later.at(-1)?.rrn ?? baseline.operations.at(-1)?.rrn ?? null;
    return rrn === null ? { kind: 'period', since: baseline.since } : { kind: 'operation', rrn };
  }

  private isKnown(terminal: { readonly siteId: string; readonly terminalId: string }, rrn: string, mine: string | null): boolean {
    if (this.found.get(`${terminal.siteId}/${terminal.terminalId}`)?.has(rrn)) return true;
    if (this.approvedAt(terminal).some(({ shown }) => shown.rrn === rrn && shown.id !== mine)) return true;
    const isIt = (money: { readonly rrn: string | null; readonly attemptId: string }): boolean =>
      money.rrn === rrn &&
      money.attemptId !== mine &&
      this.isAt(money.attemptId, terminal) &&
      this.books.attempts.get(money.attemptId)?.moneyPath === 'terminal';
    return [...this.books.charges.values()].some((charge) => isIt(charge) || charge.returns.some(isIt));
  }

  private approvedAt(terminal: { readonly siteId: string; readonly terminalId: string }): readonly AttemptRecord[] {
    // What a guest paid by a bank's QR never shows in a terminal's report.
    return [...this.books.attempts.values()].filter(
      ({ shown, moneyPath }) => shown.status === 'approved' && shown.rrn !== null && moneyPath === 'terminal' && this.isAt(shown.id, terminal),
    );
  }

  private isAt(attemptId: string, { siteId, terminalId }: { readonly siteId: string; readonly terminalId: string }): boolean {
    const record = this.books.heads.get(this.books.paymentOf.get(attemptId) ?? '');
    return record?.shown.siteId === siteId && this.books.attempts.get(attemptId)?.shown.terminalId === terminalId;
  }

  private timeOf(time: string | null | undefined): number | null {
    return time === null || time === undefined ? null : Date.parse(time);
  }
}
