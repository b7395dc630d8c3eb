import type { Payment } from '@kkm/core';

/** What the terminal printed of the charge that a check is for, or of its return; null when it printed nothing, or when nothing was charged. */
export function bankSlipOf(payment: Payment | null, checkType: number): string | null {
  const isSale = (operation: string): boolean => operation === 'sale';
  const approved = (payment?.attempts ?? []).filter(
    ({ operation, status, slip }) => status === 'approved' && slip !== null && isSale(operation) === (checkType === 0),
  );
  return approved.reduce<(typeof approved)[number] | null>((last, attempt) => (last && last.number > attempt.number ? last : attempt), null)?.slip ?? null;
}
