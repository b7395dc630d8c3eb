import { check } from '@kkm/core';
import type { AttemptResult, OutcomeReason } from '@kkm/core';
import { changeOf, hiddenChangeOf } from '../change';
import type { Change } from '../change';
import { decideResult, needsCharges } from '../decide-result';
import type { LedgerStore } from '../ledger-store';
import { attemptOf } from '../records';
import type { AttemptRecord, PaymentRecord, QrRecord } from '../records';
import type { LedgerSurroundings } from '../surroundings';
import { stale, untilSaved } from '../until-saved';
import { bankResult, doubtOutcome, endedOutcome, paidOutcome } from './bank-results';
import type { Learned } from './bank-results';
import { qrVerdict } from './qr-decision';
import type { QrVerdict } from './qr-decision';
import { sbpTimes } from './sbp-bank';
import type { QrAtBank } from './sbp-bank';

/** Tells the worker that shows a QR to ask the ledger anew. Fire and forget: a worker that does not hear it asks when its display ends. */
export interface QrHints {
  changed(terminal: { readonly siteId: string; readonly terminalId: string; readonly attemptId: string }): void;
}

/** What the use cases of SBP work with. */
export interface QrPorts {
  readonly store: LedgerStore;
  readonly around: LedgerSurroundings;
  readonly hints: QrHints;
}

/** A QR with its attempt and payment. */
export interface FoundQr {
  readonly record: PaymentRecord;
  readonly attempt: AttemptRecord;
  readonly qr: QrRecord;
}

/** Finds the QR of an attempt; null when there is none. */
export async function findQr(store: LedgerStore, attemptId: string): Promise<FoundQr | null> {
  const found = await store.attempt(attemptId, null);
  if (!found) return null;
  const attempt = attemptOf(found.record, attemptId);
  return attempt.qr && { record: found.record, attempt, qr: attempt.qr };
}

type Saved = PaymentRecord | typeof stale;

/** Writes down what became of a bank's QR. Whoever learns something, by asking or by notification, comes here; the same thing learned twice changes nothing. */
export class SettleQr {
  constructor(private readonly ports: QrPorts) {}

  /**
   * The bank's word about a QR; null: it was asked and said nothing. Null is the answer when there is no such QR.
   * @param known the QR as it was just found; it is looked at anew when something was written meanwhile.
   */
  async heard(attemptId: string, at: QrAtBank | null, known: FoundQr | null = null): Promise<PaymentRecord | null> {
    let fresh = known;
    return untilSaved(async () => {
      const found = fresh ?? (await findQr(this.ports.store, attemptId));
      fresh = null;
      if (!found) return null;
      const { record, attempt, qr } = found;
      if (qr.stage === 'paid' || (at?.kind !== 'paid' && !isAskedAbout(qr))) return record;
      const nowMs = this.ports.around.nowMs();
      return this.take(found, qrVerdict({ qr, status: attempt.shown.status, nowMs }, at));
    });
  }

  /** Ends the attempt of a QR whose payload was never told to anyone. */
  async giveUp(found: FoundQr, end: { readonly stage: 'planned' | 'lost'; readonly reason: OutcomeReason; readonly message?: string | null }): Promise<Saved> {
    const { stage, reason, message = null } = end;
    const said = message ?? (stage === 'lost' ? 'no answer; nobody saw the code' : 'nothing was asked');
    const result = this.resultOf(found, { learned: stage === 'lost' ? 'lost' : 'ended', outcome: endedOutcome(reason, message), said });
    return this.record(found, result, { ...found.qr, stage, nextAskAtMs: null, endReason: reason });
  }

  /** From now on nobody is to pay it; its bank is asked to cancel it at once. */
  async end({ record, attempt, qr }: FoundQr, reason: OutcomeReason): Promise<Saved> {
    const nowMs = this.ports.around.nowMs();
    check(qr.stage === 'open', 'an open QR is ended');
    const ending: QrRecord = { ...qr, stage: 'ending', endReason: reason, endingSinceMs: nowMs, nextAskAtMs: nowMs, asks: 0 };
    const change = changeOf(record, { qr: { attemptId: attempt.shown.id, qr: ending }, silent: true }, this.ports.around);
    return this.save(change, attempt);
  }

  /** When its bank is asked next; null: never again. */
  async askNext({ record, attempt, qr }: FoundQr, nextAskAtMs: number | null): Promise<Saved> {
    if (qr.nextAskAtMs === nextAskAtMs) return record;
    const change = hiddenChangeOf(record, { qr: { attemptId: attempt.shown.id, qr: { ...qr, nextAskAtMs } } });
    return (await this.ports.store.save(change)) === 'saved' ? change.next : stale;
  }

  private async take(found: FoundQr, verdict: QrVerdict): Promise<Saved> {
    const { attempt, qr } = found;
    const nowMs = this.ports.around.nowMs();
    switch (verdict.kind) {
      case 'paid': {
        const { transactionId, amountMinor } = verdict.at;
        const result = this.resultOf(found, {
          learned: 'paid',
          outcome: paidOutcome(attempt, verdict.at),
          said: `paid ${amountMinor} minor units, transaction ${transactionId ?? 'not named'}`,
        });
        // A lost QR stays lost: what surfaced is told by its charge.
        return this.record(found, result, qr.stage === 'lost' ? qr : { ...qr, stage: 'paid', transactionId, nextAskAtMs: null });
      }
      case 'die': {
        const result = this.resultOf(found, { learned: 'ended', outcome: endedOutcome(verdict.reason), said: 'nobody can pay it any more' });
        return this.record(found, result, { ...qr, stage: 'dead', endReason: verdict.reason, asks: 0, nextAskAtMs: nowMs + sbpTimes.watchFirstMs });
      }
      case 'end':
        return this.end(found, verdict.reason);
      case 'doubt': {
        const result = this.resultOf(found, { learned: 'doubt', outcome: doubtOutcome, said: 'no word that it is cancelled or expired' });
        return this.record(found, result, { ...qr, asks: verdict.asks, nextAskAtMs: verdict.nextAskAtMs });
      }
      case 'again':
        return this.askAgain(found, verdict);
    }
  }

  private async askAgain({ record, attempt, qr }: FoundQr, { nextAskAtMs, asks }: Pick<QrRecord, 'asks'> & { readonly nextAskAtMs: number }): Promise<Saved> {
    const change = hiddenChangeOf(record, { qr: { attemptId: attempt.shown.id, qr: { ...qr, asks, nextAskAtMs } } });
    return (await this.ports.store.save(change)) === 'saved' ? change.next : stale;
  }

  private resultOf(
    { record, attempt, qr }: FoundQr,
    heard: { readonly learned: Learned; readonly outcome: AttemptResult['outcome']; readonly said: string },
  ): AttemptResult {
    const asked = `${qr.bank}: how does the QR of order ${attempt.shown.id} stand?`;
    return bankResult(record, attempt, { ...heard, asked, nowMs: this.ports.around.nowMs() });
  }

  /** Puts a result and the QR's new standing into one change. A result that is recorded already leaves the standing alone to be written. */
  private async record({ record, attempt }: FoundQr, result: AttemptResult, qr: QrRecord): Promise<Saved> {
    const { store, around } = this.ports;
    const write = { attemptId: attempt.shown.id, qr };
    const known = (await store.attempt(write.attemptId, result.resultId))?.recorded === true;
    const charges = needsCharges(record, result) ? await store.chargesOf(record.shown.id) : [];
    const decision = known ? null : decideResult({ record, result, charges }, around);
    check(decision?.kind !== 'orphan', 'a sale of the books has a place in them');
    if (decision === null || decision.kind === 'drop') return this.save(changeOf(record, { qr: write, silent: true }, around), attempt);
    return this.save(withQr(decision.change, write), attempt);
  }

  private async save(change: Change, { shown }: AttemptRecord): Promise<Saved> {
    if ((await this.ports.store.save(change)) !== 'saved') return stale;
    const { siteId } = change.next.shown;
    this.ports.hints.changed({ siteId, terminalId: shown.terminalId, attemptId: shown.id });
    return change.next;
  }
}

function isAskedAbout({ stage }: QrRecord): boolean {
  return stage === 'open' || stage === 'ending' || stage === 'dead';
}

function withQr(change: Change, write: NonNullable<Change['qr']>): Change {
  const attempts = change.next.attempts.map((attempt) => (attempt.shown.id === write.attemptId ? { ...attempt, qr: write.qr } : attempt));
  return { ...change, qr: write, next: { ...change.next, attempts } };
}
