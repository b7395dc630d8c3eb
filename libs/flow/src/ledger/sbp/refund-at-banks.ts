import { check, isFinalAttempt, KnownError, Rejected } from '@kkm/core';
import type { AttemptResult, Outcome } from '@kkm/core';
import { changeOf } from '../change';
import { happen } from '../end-attempt';
import type { LedgerStore } from '../ledger-store';
import { RecordResult } from '../record-result';
import { attemptOf, isBankReturn } from '../records';
import type { AttemptRecord, PaymentRecord, QrRecord, ReturnedCharge } from '../records';
import type { LedgerSurroundings } from '../surroundings';
import { stale, untilSaved } from '../until-saved';
import { bankResult, doubtOutcome, refundedOutcome, refusedOutcome } from './bank-results';
import type { Learned } from './bank-results';
import type { QrStore } from './qr-store';
import type { RefundAtBank, SbpBank, SbpBanks, SbpRefund } from './sbp-bank';

/** How many refunds one ledger asks about at the same time at most. */
const refundsAtOnceMax = 32;

/** Times of refunds at banks, milliseconds: the pause after the first asking, doubled each time up to the longest; and from when one that nobody answered for is in doubt. */
export const refundPauses = { claimMs: 2_000, maxMs: 300_000, doubtMs: 60_000 } as const;

/** What {@link RefundAtBanks} tells whoever watches it. */
export interface RefundWatch {
  asked(bank: string, what: 'refund' | 'refund-status', answer: RefundAtBank['kind'] | 'no-answer'): void;
  failed(error: unknown): void;
}

/** What the use case works with. */
export interface RefundPorts {
  readonly store: LedgerStore;
  readonly qrs: QrStore;
  readonly around: LedgerSurroundings;
  readonly watch: RefundWatch;
}

/** A return with its payment, what it gives back, and the QR by which that was paid. */
interface BankReturn {
  readonly record: PaymentRecord;
  readonly attempt: AttemptRecord;
  readonly original: ReturnedCharge;
  readonly qr: QrRecord;
  /** No bank can have been asked before: the permit was given just now. */
  readonly isFirst: boolean;
}

/**
 * Gives money back through banks. The ledger is the worker of such a return: it grants itself the permit, commits, and only then asks, always under the
 * return's own id, so that a bank does it once however often it is asked (design-money, clause 19). What is due is read from the tables: a crash between any
 * two steps leaves a granted return, which is asked about before it is asked for again.
 */
export class RefundAtBanks {
  private readonly results: RecordResult;
  private readonly working = new Map<string, Promise<void>>();

  constructor(
    private readonly ports: RefundPorts,
    private readonly banks: SbpBanks,
  ) {
    this.results = new RecordResult(ports.store, ports.around);
  }

  /** Begins whatever is due; a bank that is slow holds nobody else up. Throws `Unavailable` when the database cannot be had. */
  async look(): Promise<void> {
    const limit = refundsAtOnceMax - this.working.size;
    if (limit <= 0) return;
    const { claimMs, maxMs } = refundPauses;
    for (const { attemptId } of await this.ports.qrs.dueBankReturns(this.ports.around.nowMs(), { claimMs, maxMs, limit })) this.begin(attemptId);
  }

  /** {@link look}, and what it began. */
  async execute(): Promise<void> {
    await this.look();
    await this.idle();
  }

  /** Resolves when nothing is being asked. */
  async idle(): Promise<void> {
    await Promise.all(this.working.values());
  }

  private begin(attemptId: string): void {
    if (this.working.has(attemptId)) return;
    const work = this.step(attemptId)
      .catch((error: unknown) => this.ports.watch.failed(error))
      .finally(() => this.working.delete(attemptId));
    this.working.set(attemptId, work);
  }

  private async step(attemptId: string): Promise<void> {
    const found = await untilSaved(() => this.granted(attemptId));
    if (!found) return;
    const at = await this.ask(found);
    const result = this.resultOf(found, at);
    if (result) await this.results.execute(result);
  }

  /** The return under a permit that is committed; null when there is nothing more to do. */
  private async granted(attemptId: string): Promise<BankReturn | null | typeof stale> {
    const { store, around } = this.ports;
    const found = await store.attempt(attemptId, null);
    const attempt = found && attemptOf(found.record, attemptId);
    if (!found || !attempt || !isBankReturn(attempt) || isFinalAttempt(attempt.shown.status)) return null;
    if (attempt.shown.status !== 'queued') return bankReturn(found.record, attempt, false);
    const now = around.nowMs();
    // Its lease ends as it begins: nothing is shown, so no terminal is held.
    const permit = { nonce: around.newId('nonce'), workerId: 'ledger', grantedTo: 'ledger', grantedAtMs: now, leaseUntilMs: now, takeOvers: 0 };
    const granted = { ...happen(attempt, 'grant', now), permit };
    const change = changeOf(found.record, { changed: [granted], silent: true, permit: { kind: 'grant', attemptId, permit } }, around);
    return (await store.save(change)) === 'saved' ? bankReturn(change.next, granted, true) : stale;
  }

  /** What the bank says of the refund; null: nothing that settles it. */
  private async ask(found: BankReturn): Promise<RefundAtBank | null> {
    const bank = await this.banks.of(found.record.shown.siteId, found.qr.bank);
    if (!bank) return null;
    const refund = refundOf(found);
    const at = found.isFirst ? null : await this.tell(found, 'refund-status', () => bank.refundStatus(refund));
    return found.isFirst || at?.kind === 'unknown' ? this.askFor(found, { bank, refund }) : at;
  }

  /**
   * A bank that says no to the first asking did nothing. One that says no to a repeat may do so because the first was done and its list does not show it yet;
   * it is believed once it has denied to know the refund for as long as one stays in doubt.
   */
  private async askFor(found: BankReturn, { bank, refund }: { readonly bank: SbpBank; readonly refund: SbpRefund }): Promise<RefundAtBank | null> {
    return this.tell(found, 'refund', async () => {
      try {
        return await bank.refund(refund);
      } catch (error) {
        const isBelieved = found.isFirst || this.isOverdue(found);
        if (error instanceof Rejected && isBelieved) return { kind: 'declined', message: error.detail ?? error.code };
        throw error;
      }
    });
  }

  private async tell({ qr }: BankReturn, what: 'refund' | 'refund-status', call: () => Promise<RefundAtBank>): Promise<RefundAtBank | null> {
    try {
      const at = await call();
      this.ports.watch.asked(qr.bank, what, at.kind);
      return at;
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      this.ports.watch.asked(qr.bank, what, 'no-answer');
      return null;
    }
  }

  /** What the bank's word makes of the return; null while it is only to be asked again. */
  private resultOf(found: BankReturn, at: RefundAtBank | null): AttemptResult | null {
    const { attempt, original } = found;
    if (at?.kind === 'done' && at.amountMinor <= attempt.shown.amount)
      return this.learned(found, { learned: 'refunded', outcome: refundedOutcome(original, at), said: `gave back ${at.amountMinor} minor units` });
    if (at?.kind === 'declined')
      return this.learned(found, { learned: 'refund-refused', outcome: refusedOutcome(at.message), said: `gave nothing back: ${at.message ?? 'no reason'}` });
    // A bank that is at it has answered; all else is silence, also more than was asked for.
    if (at?.kind === 'working' || attempt.shown.status === 'unknown' || !this.isOverdue(found)) return null;
    return this.learned(found, { learned: 'refund-doubt', outcome: doubtOutcome, said: 'no word that it was made or refused' });
  }

  private isOverdue({ attempt }: BankReturn): boolean {
    return this.ports.around.nowMs() - (attempt.permit?.grantedAtMs ?? 0) >= refundPauses.doubtMs;
  }

  private learned({ record, attempt, qr }: BankReturn, heard: { readonly learned: Learned; readonly outcome: Outcome; readonly said: string }): AttemptResult {
    const asked = `${qr.bank}: what became of refund ${attempt.shown.id}?`;
    return bankResult(record, attempt, { ...heard, asked, nowMs: this.ports.around.nowMs() });
  }
}

function bankReturn(record: PaymentRecord, attempt: AttemptRecord, isFirst: boolean): BankReturn {
  const { original } = attempt;
  check(original, 'a return gives a charge back');
  const { qr } = attemptOf(record, original.attemptId);
  check(qr, 'what moved through a bank was paid by its QR');
  return { record, attempt, original, qr, isFirst };
}

/** The refund as its bank is told of it. A code that was paid although nobody was ever told of it has no name but that of its payment. */
function refundOf({ record, attempt, original, qr }: BankReturn): SbpRefund {
  return {
    refundId: attempt.shown.id,
    orderId: original.attemptId,
    qrId: qr.qrId ?? original.rrn,
    transactionId: qr.transactionId ?? (qr.qrId === null ? original.rrn : null),
    amountMinor: attempt.shown.amount,
    currency: record.shown.currency,
  };
}
