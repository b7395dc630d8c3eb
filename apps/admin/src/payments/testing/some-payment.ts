import type { Attempt, Payment } from '@kkm/core';

/** A card sale that the bank approved. */
export function someAttempt(members: Partial<Attempt> = {}): Attempt {
  return {
    id: 'att_1',
    number: 1,
    operation: 'sale',
    method: 'card',
    terminalId: 'pax-1',
    amount: 15_000,
    status: 'approved',
    reason: null,
    message: null,
    hostResponseCode: null,
    card: null,
    rrn: '828913349373',
    authorisationCode: '247629',
    bankTerminalId: null,
    bank: null,
    slip: null,
    readFailures: 0,
    qr: null,
    createdAt: '2026-11-27T10:00:00.000Z',
    grantedAt: '2026-11-27T10:00:01.000Z',
    finishedAt: '2026-11-27T10:00:05.000Z',
    doubtedAt: null,
    resolvedBy: null,
    ...members,
  };
}

/** A payment that succeeded in its first attempt. */
export function somePayment(members: Partial<Payment> = {}): Payment {
  return {
    id: 'pay_1',
    siteId: 'club-1',
    orderId: 'ic-1',
    registerId: 'desk-1',
    terminalId: 'pax-1',
    amount: 15_000,
    currency: 'RUB',
    method: 'card',
    purpose: 'sale',
    status: 'succeeded',
    chargedAmount: 15_000,
    refundedAmount: 0,
    redoable: false,
    cancelRequested: null,
    switchTo: null,
    sequence: 1,
    attempts: [someAttempt()],
    conflicts: [],
    surfaced: [],
    createdAt: '2026-11-27T10:00:00.000Z',
    updatedAt: '2026-11-27T10:00:05.000Z',
    expiresAt: '2026-11-27T10:03:00.000Z',
    closedAt: null,
    metadata: {},
    ...members,
  };
}
