import type { AttemptResult, Payment } from '@kkm/core';
import { decideResult, needsCharges } from './decide-result';
import type { DropReason } from './decide-result';
import type { LedgerStore } from './ledger-store';
import { attemptOf, showPayment } from './records';
import type { PaymentRecord } from './records';
import { awaitsTerminal } from './resolution';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** What became of a result. `orphan`: the ledger does not know the attempt, or its books have no room for what it tells; the result is kept for a person (design-money, clause 12). */
export type ResultVerdict =
  | { readonly kind: 'record' | 'surface' | 'still-unknown' | 'confirm' | 'conflict'; readonly payment: Payment }
  | { readonly kind: 'drop'; readonly why: DropReason }
  | { readonly kind: 'orphan' };

/** Records what a terminal answered: outcome, charge, postings and events in one transaction, once per result id. */
export class RecordResult {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** Throws only when the database cannot be had; the message is then to be handled again. */
  async execute(result: AttemptResult): Promise<ResultVerdict> {
    return untilSaved<ResultVerdict>(async () => {
      const found = await this.store.attempt(result.attemptId, result.resultId);
      if (!found || !belongs(found.record, result)) {
        return this.keepOrphan(result);
      }
      if (found.recorded) return { kind: 'drop', why: 'duplicate' };
      const charges = needsCharges(found.record, result) ? await this.store.chargesOf(result.paymentId) : [];
      const decision = decideResult({ record: found.record, result, charges }, this.around);
      if (decision.kind === 'drop') return decision;
      if (decision.kind === 'orphan') return this.keepOrphan(result);
      if ((await this.store.save(decision.change)) !== 'saved') return stale;
      if (answersInVain(found.record, result)) await this.store.noteAnsweredInVain(result.attemptId);
      return { kind: decision.kind, payment: showPayment(decision.change.next) };
    });
  }

  private async keepOrphan(result: AttemptResult): Promise<ResultVerdict> {
    await this.store.keepOrphan(result);
    return { kind: 'orphan' };
  }
}

/** A person decided the attempt, and the terminal showed all it could without settling it: it has answered once, and is not asked again (design-money, clause 9). */
function answersInVain(record: PaymentRecord, { attemptId, outcome, heardOut }: AttemptResult): boolean {
  return outcome.kind === 'unknown' && heardOut === true && awaitsTerminal(attemptOf(record, attemptId));
}

function belongs(record: PaymentRecord, result: AttemptResult): boolean {
  const attempt = attemptOf(record, result.attemptId);
  return record.shown.id === result.paymentId && record.shown.siteId === result.siteId && attempt.shown.terminalId === result.terminalId;
}
