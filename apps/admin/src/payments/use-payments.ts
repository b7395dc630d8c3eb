import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import type { InfiniteData } from '@tanstack/react-query';
import type { Payment, PaymentPage } from '@kkm/core';
import { useMemo } from 'react';
import { api } from '../api/api';
import { useIsLive, useLive } from '../live/live';
import { withPayment } from './payment-list';
import type { PaymentQuery } from './payment-wish';

/** Payments read at a time. */
const pageSize = 100;

/** How often the list is read while the stream is cut off; only while somebody looks. */
const withoutStreamMs = 10_000;

type Pages = InfiniteData<PaymentPage, string | null>;

/** Where lists of payments are kept among the queries. */
export const paymentsKey = ['payments'] as const;

/** Reads payments as they were asked for, and keeps them as the stream tells. */
export function usePayments(query: PaymentQuery) {
  const queries = useQueryClient();
  const isLive = useIsLive();
  const queryKey = [...paymentsKey, query];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => api.get<'PaymentPage'>('/v1/payments', { ...query, limit: pageSize, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: isLive ? false : withoutStreamMs,
  });
  useLive('payment', ({ data }) => {
    if (!isPayment(data)) return;
    queries.setQueryData<Pages>(queryKey, (before) => {
      if (before === undefined) return before;
      const pages = withPayment(before.pages, data, query);
      return pages === before.pages ? before : { ...before, pages: [...pages] };
    });
  });
  const payments = useMemo(() => list.data?.pages.flatMap((page) => page.payments) ?? [], [list.data]);
  return { list, payments };
}

/** Whether what an event tells of is a payment, not a request that was rejected. */
export function isPayment(data: object): data is Payment {
  return 'attempts' in data;
}
