import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { Payment, Progress } from '@kkm/core';
import { useState } from 'react';
import { api, inPath } from '../api/api';
import { useIsLive, useLive } from '../live/live';
import { isMoving } from './acts';
import { isPayment } from './use-payments';

/** How often a payment that is on its way is read while the stream is cut off; only while somebody looks. */
const withoutStreamMs = 3_000;

/** Steps of one payment that are kept for its story. */
const stepsMax = 200;

/** Where a payment is kept among the queries. */
export function paymentKey(id: string): readonly unknown[] {
  return ['payment', id];
}

/** Keeps a payment as it is now, unless a newer state is known. */
export function keepPayment(queries: QueryClient, payment: Payment): void {
  queries.setQueryData<Payment>(paymentKey(payment.id), (before) => (before !== undefined && before.sequence > payment.sequence ? before : payment));
}

/** Reads a payment, and keeps it as the stream tells. */
export function usePayment(id: string) {
  const queries = useQueryClient();
  const isLive = useIsLive();
  useLive('payment', ({ data }) => {
    if (isPayment(data) && data.id === id) keepPayment(queries, data);
  });
  // A QR becomes known without an event: whoever sees the payment begin would never see its QR.
  useLive('progress', ({ paymentId, step }) => {
    if (paymentId === id && step === 'qr_shown') void queries.invalidateQueries({ queryKey: paymentKey(id) });
  });
  return useQuery<Payment>({
    queryKey: paymentKey(id),
    queryFn: ({ signal }) => api.get<'Payment'>(inPath`/v1/payments/${id}`, {}, signal),
    refetchInterval: ({ state }) => (!isLive && state.data !== undefined && isMoving(state.data) ? withoutStreamMs : false),
  });
}

/** Reads the verdict on a payment, anew with each of its changes and each time recovery was heard of: evidence grows without a change. */
export function useVerdict({ id, sequence }: Payment, recoveries: number) {
  return useQuery({
    queryKey: ['verdict', id, sequence, recoveries],
    queryFn: ({ signal }) => api.get<'Verdict'>(inPath`/v1/payments/${id}/verdict`, {}, signal),
    placeholderData: (before) => before,
  });
}

/** The live steps of a payment since its page was opened, oldest first. */
export function useHeard(id: string): readonly Progress[] {
  const [heard, setHeard] = useState<readonly Progress[]>([]);
  useLive('progress', (step) => {
    if (step.paymentId === id) setHeard((before) => [...before.slice(1 - stepsMax), step]);
  });
  return heard;
}
