import type { ChargeRecord } from '../ledger/charges';
import type { PaymentFilter } from '../ledger/ledger-store';
import type { PaymentRecord } from '../ledger/records';

/** Whether a payment with these charges is among those that a list asks for. */
export function fitsFilter(record: PaymentRecord, charges: readonly ChargeRecord[], filter: Omit<PaymentFilter, 'limit'>): boolean {
  const { shown } = record;
  const { scope, siteId, orderId, status, purpose, amount, fromId, beforeId } = filter;
  return (
    (scope === null || scope.includes(shown.siteId)) &&
    (siteId === null || shown.siteId === siteId) &&
    (orderId === null || shown.orderId === orderId) &&
    (status === null || shown.status === status) &&
    (purpose === null || shown.purpose === purpose) &&
    (amount === null || shown.amount === amount || shown.chargedAmount === amount) &&
    (fromId === null || shown.id >= fromId) &&
    (beforeId === null || shown.id < beforeId) &&
    hasSale(record, filter) &&
    isNamed(record, charges, filter)
  );
}

function hasSale({ attempts }: PaymentRecord, { method, settlementAccount }: Pick<PaymentFilter, 'method' | 'settlementAccount'>): boolean {
  return attempts.some(
    ({ shown: { operation, method: by, bank } }) =>
      operation === 'sale' && (method === null || by === method) && (settlementAccount === null || bank?.settlementAccount?.number === settlementAccount),
  );
}

function isNamed(
  { attempts }: PaymentRecord,
  charges: readonly ChargeRecord[],
  { rrn, authorisationCode }: Pick<PaymentFilter, 'rrn' | 'authorisationCode'>,
): boolean {
  const named = [...attempts.map((attempt) => attempt.shown), ...charges];
  return named.some((one) => (rrn === null || one.rrn === rrn) && (authorisationCode === null || one.authorisationCode === authorisationCode));
}
