import { useInfiniteQuery } from '@tanstack/react-query';
import type { QueryKey } from '@tanstack/react-query';
import type { ComponentName, ReadBody } from '@kkm/contracts';
import { api } from '../api/api';
import type { CallOptions } from '../api/api';

/** A list that is read page by page. */
export interface PageListOptions<Page, Row> {
  readonly queryKey: QueryKey;
  readonly path: string;
  readonly query?: CallOptions['query'];
  readonly take: (page: Page) => readonly Row[];
}

/** Reads a list page by page, as far as somebody wants to see it. */
export function usePageList<Name extends ComponentName, Row>({ queryKey, path, query, take }: PageListOptions<ReadBody<Name> & Paged, Row>) {
  const list = useInfiniteQuery({
    queryKey: [...queryKey, query],
    queryFn: async ({ pageParam, signal }) => (await api.get<Name>(path, { ...query, cursor: pageParam ?? undefined }, signal)) as ReadBody<Name> & Paged,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  return { list, rows: list.data?.pages.flatMap(take) ?? [] };
}

interface Paged {
  readonly next: string | null;
}
