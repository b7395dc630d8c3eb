import type { ReadBody } from '@kkm/contracts';

/** What of a payment its stage follows from. */
export type TestPayment = Pick<ReadBody<'Payment'>, 'status' | 'chargedAmount' | 'refundedAmount'>;

/**
 * Where a test stands. `charging`, then `returning` until the money is given back: `returned`. `not_charged`: it ended without a charge. `in_doubt`: nobody knows
 * yet; KKM asks the terminal by itself.
 */
export type TestStage = 'charging' | 'in_doubt' | 'returning' | 'returned' | 'not_charged';

/** The stage of a test payment. */
export function testStage({ status, chargedAmount, refundedAmount }: TestPayment): TestStage {
  if (status === 'in_doubt') return 'in_doubt';
  if (status === 'pending' || status === 'in_progress') return chargedAmount > 0 ? 'returning' : 'charging';
  if (chargedAmount === 0) return 'not_charged';
  return refundedAmount >= chargedAmount ? 'returned' : 'returning';
}

/** Whether nothing more is to be waited for. */
export function isAtRest(payment: TestPayment): boolean {
  const stage = testStage(payment);
  return stage === 'returned' || stage === 'not_charged';
}
