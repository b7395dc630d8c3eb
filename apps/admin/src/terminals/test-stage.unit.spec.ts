import { isAtRest, testStage } from './test-stage';

const open = { status: 'in_progress', chargedAmount: 0, refundedAmount: 0 } as const;

describe('a test payment', () => {
  it.each([
    [open, 'charging'],
    [{ ...open, status: 'pending' as const }, 'charging'],
    [{ ...open, status: 'in_doubt' as const }, 'in_doubt'],
    [{ ...open, status: 'in_doubt' as const, chargedAmount: 100 }, 'in_doubt'],
    [{ status: 'succeeded' as const, chargedAmount: 100, refundedAmount: 0 }, 'returning'],
    [{ status: 'in_progress' as const, chargedAmount: 100, refundedAmount: 0 }, 'returning'],
    [{ status: 'succeeded' as const, chargedAmount: 100, refundedAmount: 100 }, 'returned'],
    [{ status: 'declined' as const, chargedAmount: 0, refundedAmount: 0 }, 'not_charged'],
  ])('%j is %s', (payment, stage) => expect(testStage(payment)).toBe(stage));

  it('is waited for until its money is back', () => {
    expect(isAtRest({ status: 'succeeded', chargedAmount: 100, refundedAmount: 0 })).toBe(false);
    expect(isAtRest({ status: 'in_doubt', chargedAmount: 0, refundedAmount: 0 })).toBe(false);
    expect(isAtRest({ status: 'succeeded', chargedAmount: 100, refundedAmount: 100 })).toBe(true);
    expect(isAtRest({ status: 'cancelled', chargedAmount: 0, refundedAmount: 0 })).toBe(true);
  });
});
