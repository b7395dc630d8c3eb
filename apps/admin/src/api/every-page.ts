import type { ComponentName, ReadBody } from '@kkm/contracts';
import { api } from './api';
import type { CallOptions } from './api';

/** Pages that are read at most: a café has tens of entries, not thousands. */
const pagesMax = 50;

/** How the pages of a list are read. */
export interface EveryPageOptions<Page, Row> {
  readonly take: (page: Page) => readonly Row[];
  readonly query?: CallOptions['query'];
  readonly signal?: AbortSignal;
}

/** Reads a list of equipment to its end. */
export async function everyPage<Name extends ComponentName, Row>(path: string, options: EveryPageOptions<ReadBody<Name>, Row>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let number = 0; number < pagesMax; number += 1) {
    const page: ReadBody<Name> = await api.get<Name>(path, { ...options.query, cursor: cursor ?? undefined }, options.signal);
    rows.push(...options.take(page));
    cursor = nextOf(page);
    if (cursor === null) break;
  }
  return rows;
}

function nextOf(page: unknown): string | null {
  return typeof page === 'object' && page !== null && 'next' in page && typeof page.next === 'string' ? page.next : null;
}
