import { newId, noBankFacts, permitTimes } from '@kkm/core';
import type { AttemptResult, AttemptStatus, Outcome } from '@kkm/core';
import { changeOf } from '../ledger/change';
import type { ChargeRecord } from '../ledger/charges';
import { newAttempt } from '../ledger/new-attempt';
import type { AttemptRecord, PaymentRecord } from '../ledger/records';
import type { LedgerSurroundings } from '../ledger/surroundings';

let drawn = 0;

/** The moment at which all sample records are decided about. */
export const sampleNowMs = 1_700_000_000_000;

/** A clock that stands still. */
export const sampleSurroundings: LedgerSurroundings = {
  nowMs: () => sampleNowMs,
  newId: (prefix) => newId(prefix, (drawn += 1), (bytes) => new Uint8Array(bytes)),
  times: permitTimes,
};

/** A sale of `att-<number>` in that status. */
export function sampleSale(number: number, status: AttemptStatus): AttemptRecord {
  return sampleAttempt('sale', number, status);
}

/** A void `att-<number>` of {@link sampleCharge} in that status. */
export function sampleVoid(number: number, status: AttemptStatus, finishedAtMs = sampleNowMs): AttemptRecord {
  const attempt = sampleAttempt('void', number, status);
  const { resultId: chargeResultId, attemptId, rrn, authorisationCode } = sampleCharge();
  const finishedAt = ['queued', 'granted', 'unknown'].includes(status) ? null : new Date(finishedAtMs).toISOString();
  return { ...attempt, original: { attemptId, chargeResultId, rrn: rrn ?? '', authorisationCode }, shown: { ...attempt.shown, finishedAt } };
}

function sampleAttempt(operation: 'sale' | 'void', number: number, status: AttemptStatus): AttemptRecord {
  const about = { number, operation, method: 'card', terminalId: 'pax-1', bank: null, amount: 15_000, expiresInSeconds: 180 } as const;
  const attempt = newAttempt(about, sampleSurroundings);
  const permit = { nonce: 'nonce-1', workerId: 'worker-1', grantedTo: 'worker-1', grantedAtMs: 1, leaseUntilMs: 2, takeOvers: 0 };
  return { ...attempt, permit: status === 'queued' ? null : permit, shown: { ...attempt.shown, id: `att-${number}`, status } };
}

/** A charge of 150.00 that the first attempt made. */
export function sampleCharge(wanted: Partial<ChargeRecord> = {}): ChargeRecord {
  const about = { resultId: 'res-1', attemptId: 'att-1', amountMinor: 15_000, rrn: '111', authorisationCode: '222' };
  return { ...about, surfaced: false, disposition: 'kept', returns: [], ...wanted };
}

/** A payment of 150.00 whose sales have the given statuses, in order. */
export function paymentWith(...statuses: AttemptStatus[]): PaymentRecord {
  return paymentOf(statuses.map((status, index) => sampleSale(index + 1, status)));
}

/** A payment of 150.00 with these attempts; `wanted` and `shown` replace members. */
export function paymentOf(
  attempts: readonly AttemptRecord[],
  wanted: Partial<Omit<PaymentRecord, 'shown'>> & { readonly shown?: Partial<PaymentRecord['shown']> } = {},
): PaymentRecord {
  const shown = {
    id: 'pay-1',
    siteId: 'club-1',
    orderId: 'bill-1',
    registerId: null,
    terminalId: 'pax-1',
    amount: 15_000,
    currency: 'RUB',
    method: 'card',
    purpose: 'sale',
    status: 'pending',
    chargedAmount: 0,
    refundedAmount: 0,
    cancelRequested: null,
    switchTo: null,
    sequence: 7,
    createdAt: '',
    updatedAt: '',
    expiresAt: '',
    closedAt: null,
    metadata: {},
    ...wanted.shown,
  } as const;
  const money = { surfaced: [], surfacedUndecided: 0, surfacedMinor: 0, refundPendingMinor: 0, decideAtMs: null, switchQr: null, guestQr: null } as const;
  const record: PaymentRecord = { orderExclusive: true, lateApproval: 'keep', ...money, ...wanted, attempts, shown };
  return { ...record, shown: { ...shown, status: changeOf(record, {}, sampleSurroundings).next.shown.status } };
}

/** One outcome of each kind. */
export const sampleOutcomes: Record<Outcome['kind'], Outcome> = {
  approved: { kind: 'approved', chargedMinor: 14_000, facts: { ...noBankFacts, rrn: '111' } },
  declined: { kind: 'declined', reason: 'do_not_honour', facts: noBankFacts },
  cancelled: { kind: 'cancelled', reason: 'customer_cancelled', facts: noBankFacts },
  failed: { kind: 'failed', reason: 'terminal_fault', facts: noBankFacts },
  unknown: { kind: 'unknown', reason: 'unrecognised', facts: noBankFacts },
};

/** A result for the first attempt. */
export function sampleResult(outcome: Outcome, wanted: Partial<AttemptResult> = {}): AttemptResult {
  return {
    resultId: 'res-1',
    attemptId: 'att-1',
    paymentId: 'pay-1',
    siteId: 'club-1',
    terminalId: 'pax-1',
    workerId: 'worker-1',
    nonce: 'nonce-1',
    outcome,
    readFailures: 1,
    source: 'answer',
    at: '',
    ...wanted,
  };
}
