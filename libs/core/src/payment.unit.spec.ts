import fc from 'fast-check';
import { attemptStatuses, isFinalAttempt } from './attempt-machine';
import { isRedoable, notChargedStatuses, operations, paymentStatus, paymentStatuses } from './payment';
import type { AttemptStanding } from './payment';

/** What ends a sale, in words of the payment. */
const endWords = { declined: 'declined', cancelled: 'cancelled', failed: 'failed', expired: 'expired', withdrawn: 'cancelled' } as const;

/** Attempts of a payment, numbered from 1 and with a sale among them. */
const attempts = fc
  .array(fc.record({ operation: fc.constantFrom(...operations), status: fc.constantFrom(...attemptStatuses) }), { minLength: 1, maxLength: 6 })
  .filter((list) => list.some((one) => one.operation === 'sale'))
  .map((list) => list.map((one, index): AttemptStanding => ({ ...one, number: index + 1 })));

describe('the status of a payment', () => {
  it('follows from its sales alone, in any order', () => {
    fc.assert(
      fc.property(attempts, (list) => {
        const status = paymentStatus(list, 0);
        expect(paymentStatuses).toContain(status);
        expect(paymentStatus([...list].reverse(), 0)).toBe(status);
        expect(
          paymentStatus(
            list.filter((one) => one.operation === 'sale'),
            0,
          ),
        ).toBe(status);
      }),
    );
  });

  it('is charged exactly when a sale is approved, and never an uncharged end while a sale may still charge', () => {
    fc.assert(
      fc.property(attempts, (list) => {
        const sales = list.filter((one) => one.operation === 'sale');
        const status = paymentStatus(list, 0);
        expect(status === 'succeeded').toBe(sales.some((sale) => sale.status === 'approved'));
        const ended = (notChargedStatuses as readonly string[]).includes(status);
        expect(ended).toBe(sales.every((sale) => isFinalAttempt(sale.status) && sale.status !== 'approved'));
      }),
    );
  });

  it('tells of doubt before progress, and of progress before waiting', () => {
    const of = (...statuses: AttemptStanding['status'][]) =>
      paymentStatus(
        statuses.map((status, index) => ({ operation: 'sale', number: index + 1, status })),
        0,
      );
    expect([of('unknown', 'granted'), of('granted', 'queued'), of('declined', 'queued'), of('approved', 'unknown')]).toEqual([
      'in_doubt',
      'in_progress',
      'pending',
      'succeeded',
    ]);
  });

  it.each(Object.entries(endWords))('ends as the last sale ended: %s', (status, word) => {
    const last = { operation: 'sale', number: 2, status: status as keyof typeof endWords } as const;
    expect(paymentStatus([last, { operation: 'sale', number: 1, status: 'failed' }], 0)).toBe(word);
  });

  it('is charged when money that surfaced was decided about, however the sales ended', () => {
    fc.assert(fc.property(attempts, (list) => expect(paymentStatus(list, 1)).toBe('succeeded')));
  });

  it('is nothing without a sale', () => {
    expect(() => paymentStatus([{ operation: 'refund', number: 1, status: 'queued' }], 0)).toThrow('at least one sale');
  });
});

describe('isRedoable', () => {
  it('allows a redo after an uncharged end, unless closed or with surfaced money undecided', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paymentStatuses), fc.boolean(), fc.boolean(), (status, closed, surfacedUndecided) => {
        const uncharged = ['declined', 'cancelled', 'expired', 'failed'].includes(status);
        expect(isRedoable({ status, closed, surfacedUndecided })).toBe(uncharged && !closed && !surfacedUndecided);
      }),
    );
  });
});
