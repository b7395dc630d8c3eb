import type { Attempt, AttemptStatus, Payment, PaymentStatus } from '@kkm/core';
import type { BooksAtRest } from '../count/accounting';
import type { BankTransaction, GrantedAttempt, Strike } from '../count/facts';

/** A payment as the API shows it, with one attempt `<id>-1` unless others are given. */
export function paymentOf(id: string, status: PaymentStatus, members: Partial<Payment> = {}): Payment {
  const charged = status === 'succeeded' ? 15_000 : 0;
  return {
    id,
    siteId: 'club-1',
    orderId: `order-${id}`,
    registerId: null,
    terminalId: 'pax-1',
    amount: 15_000,
    currency: 'RUB',
    method: 'card',
    status,
    chargedAmount: charged,
    refundedAmount: 0,
    redoable: false,
    cancelRequested: null,
    purpose: 'sale',
    switchTo: null,
    sequence: 3,
    attempts: [attemptOf(`${id}-1`, attemptStatusOf(status))],
    conflicts: [],
    surfaced: [],
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:01.000Z',
    expiresAt: '2026-01-01T00:03:00.000Z',
    closedAt: null,
    metadata: {},
    ...members,
  };
}

/** An attempt; approved ones carry the RRN `rrn of <id>`. */
export function attemptOf(id: string, status: AttemptStatus, members: Partial<Attempt> = {}): Attempt {
  return {
    id,
    number: 1,
    operation: 'sale',
    method: 'card',
    terminalId: 'pax-1',
    amount: 15_000,
    status,
    reason: null,
    message: null,
    hostResponseCode: null,
    card: null,
    rrn: status === 'approved' ? `rrn of ${id}` : null,
    authorisationCode: null,
    bankTerminalId: null,
    bank: null,
    slip: null,
    readFailures: 0,
    qr: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    grantedAt: '2026-01-01T00:00:00.100Z',
    finishedAt: '2026-01-01T00:00:00.900Z',
    doubtedAt: null,
    resolvedBy: null,
    ...members,
  };
}

/** A sale in the bank's books, made by the attempt. */
export function saleOf(attemptId: string, members: Partial<BankTransaction> = {}): BankTransaction {
  return {
    rrn: `rrn of ${attemptId}`,
    terminalId: 'pax-1',
    kind: 'sale',
    amount: 15_000,
    reversed: false,
    foreign: false,
    at: '2026-01-01T00:00:00.500Z',
    reference: `ref of ${attemptId}`,
    ...members,
  };
}

/** Books in which callers, ledger and events agree about the payments, and the bank has what is given. */
export function booksOf(payments: readonly Payment[], bank: readonly BankTransaction[], members: Partial<BooksAtRest> = {}): BooksAtRest {
  return {
    acknowledged: new Set(payments.map(({ id }) => id)),
    payments,
    bank,
    parked: [],
    told: new Map(payments.map(({ id, status }) => [id, status])),
    verdicts: new Map(payments.map(({ id, status }) => [id, { verdict: status === 'succeeded' ? 'charged' : 'being_resolved', evidence: [] }])),
    referenceOf: (attemptId) => `ref of ${attemptId}`,
    ...members,
  };
}

/** An attempt that had its permit from 1000 to 2000 ms on pax-1. */
export function grantedOf(members: Partial<GrantedAttempt> = {}): GrantedAttempt {
  return {
    paymentId: 'pay_1',
    attemptId: 'att_1',
    terminalId: 'pax-1',
    grantedAtMs: 1_000,
    inDoubtAtMs: null,
    finishedAtMs: 2_000,
    decidedByPerson: false,
    ...members,
  };
}

/** A strike on pax-1 alone at 1500 ms, over at 1600. */
export function strikeOf(members: Partial<Strike> = {}): Strike {
  return { kind: 'cut-terminal-link', target: 'pax-1', terminalIds: ['pax-1'], atMs: 1_500, untilMs: 1_600, blocksRecovery: true, ...members };
}

function attemptStatusOf(status: PaymentStatus): AttemptStatus {
  switch (status) {
    case 'succeeded':
      return 'approved';
    case 'in_doubt':
      return 'unknown';
    case 'in_progress':
      return 'granted';
    case 'pending':
      return 'queued';
    case 'declined':
    case 'cancelled':
    case 'expired':
    case 'failed':
      return status;
  }
}
