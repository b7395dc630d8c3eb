import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/api-problem';

/** How often a reading is tried again that met an outage. */
const retriesMax = 3;

/** The store of everything read. Readings are repeated on outages, changes never by themselves. */
export function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, retry: (count, error) => count < retriesMax && isOutage(error), refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  const { refusal } = error;
  return refusal.kind === 'offline' || (refusal.kind === 'unreadable' ? refusal.status >= 502 : refusal.problem.status === 503);
}
