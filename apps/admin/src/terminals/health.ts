import { useQuery } from '@tanstack/react-query';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { useLive } from '../live/live';
import { useIsThere } from '../parts/use-is-there';

/** A terminal's health, as it is shown. */
export type Health = ReadBody<'TerminalHealth'>;

/** Where health is kept among the queries. */
export const healthKey = ['terminal-health'] as const;

/** How often health is read anew, besides what the stream tells. */
const readEveryMs = 10_000;
const hourMs = 3_600_000;

/** How far back one looks. */
export const periods = { day: 24, week: 7 * 24, month: 30 * 24 } as const;
/** One of {@link periods}. */
export type Period = keyof typeof periods;

/** The health of a terminal now and over a period. */
export function useHealth(siteId: string, id: string, period: Period) {
  const isThere = useIsThere();
  const query = useQuery({
    queryKey: [...healthKey, siteId, id, period],
    queryFn: ({ signal }) =>
      api.get<'TerminalHealth'>(
        inPath`/v1/terminals/${id}/health`,
        { siteId, from: new Date(Date.now() - periods[period] * hourMs).toISOString(), bucket: period === 'month' ? 'day' : 'hour' },
        signal,
      ),
    refetchInterval: isThere ? readEveryMs : false,
  });
  useLive('progress', (step) => {
    if (step.terminalId === id && step.siteId === siteId && step.step === 'on_terminal') void query.refetch();
  });
  useLive('payment', ({ data }) => {
    if ('terminalId' in data && data.terminalId === id && data.siteId === siteId) void query.refetch();
  });
  return query;
}
