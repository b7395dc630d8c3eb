import { newId, noBankFacts, permitTimes } from '@kkm/core';
import type { AttemptResult, IdPrefix, OpenPaymentRequest, Outcome, PaymentCommand, RedoPaymentRequest } from '@kkm/core';
import { changeOf } from '../ledger/change';
import type { Change } from '../ledger/change';
import { happen } from '../ledger/end-attempt';
import { GrantPermit } from '../ledger/grant-permit';
import { LeaseTerminal } from '../ledger/lease-terminal';
import type { LedgerStore, PaymentFilter } from '../ledger/ledger-store';
import { OpenPayment } from '../ledger/open-payment';
import { RecordResult } from '../ledger/record-result';
import { attemptOf } from '../ledger/records';
import type { PaymentRecord } from '../ledger/records';
import { RedoPayment } from '../ledger/redo-payment';
import type { QrStore } from '../ledger/sbp/qr-store';
import type { SbpBanks } from '../ledger/sbp/sbp-bank';
import type { LedgerSurroundings } from '../ledger/surroundings';
import { noBanks } from './no-banks';

/** When every trial begins. */
export const startMs = 1_795_000_000_000;

/** An approval of `chargedMinor`. */
export const approved = (chargedMinor: number, rrn: string | null): Outcome => ({ kind: 'approved', chargedMinor, facts: { ...noBankFacts, rrn } });
/** The link was cut after the first byte. */
export const unknown: Outcome = { kind: 'unknown', reason: 'unrecognised', facts: noBankFacts };

/** A store with the use cases over it. Ids and times are the trial's own, so that the suite is the same on every store. */
export class StoreOnTrial {
  nowMs = startMs;
  private ids = 0;
  readonly around: LedgerSurroundings = { nowMs: () => this.nowMs, newId: (prefix) => this.id(prefix), times: permitTimes };

  constructor(
    readonly store: LedgerStore & QrStore,
    private readonly mark: string,
  ) {}

  id(prefix: IdPrefix): string {
    this.ids += 1;
    return `${newId(prefix, this.nowMs, (bytes) => new Uint8Array(bytes))}${this.mark}${String(this.ids).padStart(6, '0')}`;
  }

  async open(wanted: Partial<OpenPaymentRequest> = {}, banks: SbpBanks = noBanks): Promise<PaymentCommand> {
    const unique = this.id('ref');
    const request: OpenPaymentRequest = {
      idempotency: { key: unique, fingerprint: 'same' },
      siteId: `club-${this.mark}`,
      orderId: unique,
      registerId: null,
      terminalId: `pax-${unique}`,
      amount: 15_000,
      currency: 'RUB',
      method: 'card',
      expiresInSeconds: 180,
      additional: false,
      lateApproval: 'keep',
      metadata: {},
      ...wanted,
    };
    const { command } = await new OpenPayment(this.store, this.around, banks).execute(request);
    if (!command) throw new RangeError('the payment was opened before');
    return command;
  }

  async redo({ paymentId }: PaymentCommand, wanted: Partial<RedoPaymentRequest> = {}, banks: SbpBanks = noBanks): Promise<void> {
    const all = { scope: null, paymentId, method: null, terminalId: null, amount: null, expiresInSeconds: 180 };
    const idempotency = { key: this.id('ref'), fingerprint: 'same' };
    await new RedoPayment(this.store, this.around, banks).execute({ ...all, idempotency, ...wanted });
  }

  async grant({ siteId, terminalId, attemptId }: PaymentCommand, workerId = 'worker-1'): Promise<string> {
    const nonce = this.id('nonce');
    await this.lease({ siteId, terminalId }, workerId);
    const answer = await new GrantPermit(this.store, this.around).execute({ workerId, siteId, terminalId, attemptId, nonce });
    if (answer.kind !== 'granted' && answer.kind !== 'already-granted') throw new RangeError(`the permit was refused: ${answer.kind}`);
    return nonce;
  }

  async lease({ siteId, terminalId }: Pick<PaymentCommand, 'siteId' | 'terminalId'>, workerId = 'worker-1'): Promise<void> {
    await new LeaseTerminal(this.store, this.around).execute({ workerId, siteId, terminalId });
  }

  result(command: PaymentCommand, nonce: string, outcome: Outcome): AttemptResult {
    const { attemptId, paymentId, siteId, terminalId } = command;
    const at = new Date(this.nowMs).toISOString();
    return { resultId: this.id('res'), attemptId, paymentId, siteId, terminalId, workerId: 'worker-1', nonce, outcome, readFailures: 0, source: 'answer', at };
  }

  async record(result: AttemptResult): Promise<string> {
    return (await new RecordResult(this.store, this.around).execute(result)).kind;
  }

  async payment({ paymentId }: PaymentCommand): Promise<PaymentRecord> {
    const record = await this.store.payment(paymentId);
    if (!record) throw new RangeError(`there is no payment ${paymentId}`);
    return record;
  }

  /** Ids of the payments that a list shows; what is not wanted bounds nothing. */
  async listed(wanted: Partial<PaymentFilter>): Promise<readonly string[]> {
    const named = { purpose: null, method: null, settlementAccount: null, rrn: null, authorisationCode: null, amount: null };
    const all = { scope: null, siteId: null, orderId: null, status: null, ...named, fromId: null, beforeId: null, limit: 10 };
    return (await this.store.list({ ...all, ...wanted })).map(({ shown }) => shown.id);
  }

  /** A change that ends a queued attempt, decided on the facts of now. */
  async withdrawal(command: PaymentCommand): Promise<Change> {
    const record = await this.payment(command);
    return changeOf(record, { changed: [happen(attemptOf(record, command.attemptId), 'withdraw', this.nowMs)] }, this.around);
  }
}
