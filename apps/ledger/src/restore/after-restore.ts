import { noBankFacts, Rejected } from '@kkm/core';
import type { AssignChargeRequest, AttemptResult, FoundCharge, ReleaseTerminalRequest, RestoreOverview } from '@kkm/core';
import type { LedgerStore, LedgerSurroundings, PaymentRecord, RecordResult } from '@kkm/flow/ledger';

/** Where it is written what a restore left to do. All methods throw `Unavailable('ledger.unavailable')` when the database cannot be had. */
export interface RestoreBook {
  overview(): Promise<RestoreOverview>;
  /** A found charge that nobody assigned; null when there is none. */
  openCharge(charge: Pick<FoundCharge, 'siteId' | 'terminalId' | 'rrn'>): Promise<FoundCharge | null>;
  /** Notes whose a found charge is; one that was assigned meanwhile stays as it is. */
  decide(request: AssignChargeRequest): Promise<void>;
  /** False: the terminal does not wait for anybody. */
  release(request: ReleaseTerminalRequest): Promise<boolean>;
}

/** What {@link AfterRestore} works over. */
export interface RestorePorts {
  readonly book: RestoreBook;
  readonly store: Pick<LedgerStore, 'payment'>;
  readonly recording: Pick<RecordResult, 'execute'>;
  readonly around: Pick<LedgerSurroundings, 'nowMs'>;
}

/** What people do after the books were restored from a backup: they see which terminals and charges wait, and decide what no report tells (design-money, clause 12). */
export class AfterRestore {
  constructor(private readonly ports: RestorePorts) {}

  /** What is left to do. */
  overview(): Promise<RestoreOverview> {
    return this.ports.book.overview();
  }

  /** Lets a terminal charge again whose report cannot tell. @throws Rejected `restore.not_found` when it does not wait. */
  async release(request: ReleaseTerminalRequest): Promise<RestoreOverview> {
    if (!(await this.ports.book.release(request))) throw new Rejected('restore.not_found', { detail: 'No restore keeps this terminal from charging.' });
    return this.overview();
  }

  /**
   * Gives a found charge to the payment it belongs to, whose newest attempt it becomes the outcome of, or says that it is none of ours. From then on its amount is free.
   * A repeat after a lost answer records nothing twice. @throws Rejected `restore.not_found`, `payment.not_found`, `restore.does_not_fit`.
   */
  async assign(request: AssignChargeRequest): Promise<RestoreOverview> {
    const { book, store, recording } = this.ports;
    const charge = await book.openCharge(request);
    if (!charge) throw new Rejected('restore.not_found', { detail: 'There is no such charge, or it was assigned.' });
    if (request.paymentId !== null) {
      const record = await store.payment(request.paymentId);
      if (record?.shown.siteId !== charge.siteId) throw new Rejected('payment.not_found');
      const verdict = await recording.execute(this.resultOf(charge, record));
      if (verdict.kind === 'orphan') throw new Rejected('restore.does_not_fit', { detail: 'The books have no room for it on this payment.' });
    }
    await book.decide(request);
    return this.overview();
  }

  /** The found charge as the terminal's answer to the payment's newest attempt. */
  private resultOf(charge: FoundCharge, record: PaymentRecord): AttemptResult {
    const attempt = record.attempts.at(-1);
    const { siteId, terminalId, rrn, operation, amount, terminalTime } = charge;
    const fits = attempt?.shown.terminalId === terminalId && (operation === null || operation === attempt.shown.operation);
    if (!attempt || !fits) throw new Rejected('restore.does_not_fit', { detail: 'The newest attempt of the payment is of another terminal or another kind.' });
    return {
      resultId: `res_found_${siteId}_${terminalId}_${rrn}`,
      attemptId: attempt.shown.id,
      paymentId: record.shown.id,
      siteId,
      terminalId,
      workerId: 'after-restore',
      nonce: attempt.permit?.nonce ?? null,
      outcome: { kind: 'approved', chargedMinor: amount ?? attempt.shown.amount, facts: { ...noBankFacts, rrn, terminalTime } },
      readFailures: 0,
      source: 'recovery',
      at: new Date(this.ports.around.nowMs()).toISOString(),
    };
  }
}
