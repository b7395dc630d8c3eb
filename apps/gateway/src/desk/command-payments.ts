import type { Payment } from '@kkm/core';
import type { CommandPayments, FindCharge } from '@kkm/flow/kkmserver';
import type { Payments } from '../payments';

/** The gateway's payments as commands ask for them. */
export function commandPayments(payments: Payments): CommandPayments {
  const never = new AbortController().signal;
  const read = (siteId: string, paymentId: string): Promise<Payment> => payments.read(paymentId, [siteId]);
  return {
    take: async (request) => {
      const opened = await payments.take.run(request);
      payments.opened(opened, { callerId: null, requestId: request.idempotencyKey, door: 'kkmserver' });
      return opened;
    },
    refund: async (request) => {
      const opened = await payments.refund.run(request);
      payments.refunding(opened, { callerId: null, requestId: request.idempotencyKey, door: 'kkmserver' });
      return opened;
    },
    replay: (request) => payments.ledger.replay(request),
    read,
    waited: (payment, { isEnded, waitMs }) => payments.waitForEnd(payment, { seconds: waitMs / 1_000, ends: isEnded, leaving: never }),
  };
}

/** Finds charges by the bank's reference in the ledger's lists; the newest where a bank used one again. */
export function findCharge(payments: Payments): FindCharge {
  return async ({ siteId, rrn, authorisationCode }) => {
    const named = { scope: [siteId], siteId, purpose: null, method: null, settlementAccount: null, rrn, authorisationCode };
    const page = await payments.ledger.list({ ...named, orderId: null, status: 'succeeded', amount: null, from: null, to: null, limit: 1, cursor: null });
    return page.payments[0] ?? null;
  };
}
