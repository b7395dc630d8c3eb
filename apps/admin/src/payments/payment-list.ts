import type { Payment, PaymentPage } from '@kkm/core';
import type { PaymentQuery } from './payment-wish';

/** A list as far as it was read, newest first; null where nothing fits. */
export type PaymentPages = readonly PaymentPage[];

/**
 * The list after a payment changed: it takes its place, or leaves where it no longer fits. What was not read yet stays unread, and an older state never
 * replaces a newer one.
 */
export function withPayment(pages: PaymentPages, payment: Payment, query: PaymentQuery): PaymentPages {
  const known = pages.flatMap((page) => page.payments).find(({ id }) => id === payment.id);
  if (known !== undefined && known.sequence > payment.sequence) return pages;
  const fits = doesFit(payment, query, known !== undefined);
  if (known !== undefined)
    return pages.map((page) => ({ ...page, payments: page.payments.flatMap((one) => (one.id === payment.id ? (fits ? [payment] : []) : [one])) }));
  if (!fits) return pages;
  const at = pages.findIndex((page, index) => page.next === null || page.payments.some(({ id }) => id < payment.id) || isLastEmpty(pages, index));
  return pages.map((page, index) => (index === at ? { ...page, payments: placed(page.payments, payment) } : page));
}

/** Ids sort by the time they were made at, as the list does. */
function placed(payments: readonly Payment[], payment: Payment): readonly Payment[] {
  const before = payments.findIndex(({ id }) => id < payment.id);
  return before === -1 ? [...payments, payment] : [...payments.slice(0, before), payment, ...payments.slice(before)];
}

function isLastEmpty(pages: PaymentPages, index: number): boolean {
  return index === pages.length - 1 && pages[index]?.payments.length === 0;
}

/** Whether a payment belongs to what was asked for. By which RRN a bank calls a QR is the ledger's to say, so a payment that is listed by its RRN stays listed. */
function doesFit(payment: Payment, query: PaymentQuery, isListed: boolean): boolean {
  const { siteId, status, purpose, orderId, rrn, amount, from, to } = query;
  const { method, settlementAccount } = query;
  const hasRrn = isListed || [...payment.attempts, ...payment.surfaced].some((one) => one.rrn === rrn);
  return (
    (siteId === undefined || payment.siteId === siteId) &&
    (status === undefined || payment.status === status) &&
    (purpose === undefined || payment.purpose === purpose) &&
    payment.attempts.some(
      ({ operation, method: by, bank }) =>
        operation === 'sale' &&
        (method === undefined || by === method) &&
        (settlementAccount === undefined || bank?.settlementAccount?.number === settlementAccount),
    ) &&
    (orderId === undefined || payment.orderId === orderId) &&
    (rrn === undefined || hasRrn) &&
    (amount === undefined || payment.amount === amount || payment.chargedAmount === amount) &&
    (from === undefined || payment.createdAt >= from) &&
    (to === undefined || payment.createdAt < to)
  );
}
