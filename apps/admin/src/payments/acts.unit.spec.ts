import type { Scope } from '@kkm/contracts';
import { actsOf, isMoving } from './acts';
import { someAttempt, somePayment } from './testing/some-payment';

const cashier = (scope: Scope): boolean => scope === 'payments:write' || scope === 'payments:read';
const leader = (scope: Scope): boolean => cashier(scope) || scope === 'payments:resolve';
const reader = (scope: Scope): boolean => scope === 'payments:read';

const declined = somePayment({ status: 'declined', chargedAmount: 0, redoable: true, attempts: [someAttempt({ status: 'declined' })] });
const running = somePayment({
  status: 'in_progress',
  chargedAmount: 0,
  method: 'card_or_sbp_qr',
  attempts: [someAttempt({ status: 'granted', finishedAt: null })],
});
const inDoubt = somePayment({ status: 'in_doubt', chargedAmount: 0, attempts: [someAttempt({ status: 'unknown', finishedAt: null })] });
const nothing = { redo: false, cancel: false, switchTo: null, refundMax: null, resolve: null, close: false };

describe('what can be done with a payment', () => {
  it('is a redo or its end after a decline', () => {
    expect(actsOf(declined, cashier)).toEqual({ ...nothing, redo: true, close: true });
  });

  it('is to stop a running one, or to change over where the guest may choose', () => {
    expect(actsOf(running, cashier)).toEqual({ ...nothing, cancel: true, switchTo: 'sbp_qr' });
    expect(actsOf({ ...running, method: 'card' }, cashier).switchTo).toBeNull();
    const byQr = { ...running, attempts: [someAttempt({ status: 'queued', method: 'sbp_qr' })] };
    expect(actsOf(byQr, cashier).switchTo).toBe('card');
    const byItself = { ...running, attempts: [someAttempt({ status: 'granted', method: 'card_or_sbp_qr' })] };
    expect(actsOf(byItself, cashier).switchTo).toBeNull();
  });

  it('is nothing while a stop is on its way', () => {
    expect(actsOf({ ...running, cancelRequested: 'pending' }, cashier)).toEqual(nothing);
    expect(actsOf({ ...running, cancelRequested: 'pending', switchTo: 'sbp_qr' }, cashier)).toEqual(nothing);
  });

  it('is a refund of what is left, one at a time', () => {
    expect(actsOf(somePayment({ refundedAmount: 5_000 }), cashier)).toEqual({ ...nothing, refundMax: 10_000 });
    expect(actsOf(somePayment({ refundedAmount: 15_000 }), cashier)).toEqual(nothing);
    for (const status of ['queued', 'granted', 'unknown'] as const) {
      const attempts = [someAttempt(), someAttempt({ number: 2, operation: 'refund', status })];
      expect(actsOf(somePayment({ attempts }), cashier)).toEqual(nothing);
    }
  });

  it('is never a redo, a cancel or a refund while the outcome is unknown', () => {
    expect(actsOf(inDoubt, cashier)).toEqual(nothing);
    expect(actsOf(inDoubt, leader)).toEqual({ ...nothing, resolve: inDoubt.attempts[0] });
  });

  it('leaves a refund in doubt to the terminal', () => {
    const attempts = [someAttempt(), someAttempt({ number: 2, operation: 'void', status: 'unknown' })];
    expect(actsOf(somePayment({ attempts }), leader).resolve).toBeNull();
  });

  it('is nothing for whoever may only look', () => {
    for (const payment of [declined, running, inDoubt, somePayment()]) expect(actsOf(payment, reader)).toEqual(nothing);
  });
});

describe('whether the end is still to come', () => {
  it('follows from attempts and from surfaced money', () => {
    expect([declined, somePayment()].map(isMoving)).toEqual([false, false]);
    expect([running, inDoubt].map(isMoving)).toEqual([true, true]);
    const surfaced = [{ attemptId: 'att_1', amount: 1, rrn: null, disposition: 'undecided' as const, at: '' }];
    expect(isMoving({ ...declined, surfaced })).toBe(true);
  });
});
