import { useQueryClient } from '@tanstack/react-query';
import type { SentBody } from '@kkm/contracts';
import type { Payment } from '@kkm/core';
import { api, inPath } from '../api/api';
import { useOnce } from '../parts/use-once';
import { keepPayment, paymentKey } from './use-payment';
import { paymentsKey } from './use-payments';

/** What each act sends, by the last part of its path. */
interface ActBodies {
  readonly redo: SentBody<'RedoPayment'>;
  readonly refunds: SentBody<'RefundPayment'>;
  readonly resolution: SentBody<'ResolvePayment'>;
  readonly switch: SentBody<'SwitchPayment'>;
  readonly cancel: SentBody<'CancelPayment'>;
  readonly close: SentBody<'ClosePayment'>;
}
type ActName = keyof ActBodies;

/** Acts whose repeat is known by its key; a repeat of the others changes nothing. */
const keyed: Readonly<Record<ActName, boolean>> = { redo: true, refunds: true, resolution: true, switch: false, cancel: false, close: false };

/**
 * Has something done with a payment, once. A further attempt is a further wish: what was asked before it has been answered by it. After a refusal the payment is
 * read anew, for it is not as it was shown.
 */
export function usePaymentAct<Name extends ActName>(act: Name, payment: Payment, onDone: (payment: Payment) => void = () => {}) {
  const queries = useQueryClient();
  const { id, attempts } = payment;
  return useOnce<ActBodies[Name], Payment>({
    name: `${act} ${id} ${attempts.length}`,
    send: async ({ key, body }) => {
      try {
        return await api.post<'Payment'>(inPath`/v1/payments/${id}/${act}`, { body, ...(keyed[act] && { key }) });
      } catch (problem) {
        void queries.invalidateQueries({ queryKey: paymentKey(id) });
        throw problem;
      }
    },
    onDone: (after) => {
      keepPayment(queries, after);
      void queries.invalidateQueries({ queryKey: paymentsKey });
      onDone(after);
    },
  });
}
