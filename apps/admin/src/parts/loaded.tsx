import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from './problem-alert';

/** Shows what a query read; until then that it is being read, or why it cannot be. What was read once stays on the screen through an outage. */
export function Loaded<Data>({ query, children }: { readonly query: UseQueryResult<Data>; readonly children: (data: Data) => ReactNode }) {
  const { t } = useTranslation('shell');
  const { data, error } = query;
  if (data === undefined && error === null) {
    return (
      <Stack role="status" aria-label={t('loading')} gap="xs">
        {[80, 60, 70].map((width) => (
          <Skeleton key={width} height={20} width={`${width}%`} />
        ))}
      </Stack>
    );
  }
  return (
    <>
      {error !== null && <ProblemAlert problem={error} again={() => void query.refetch()} />}
      {data !== undefined && children(data)}
    </>
  );
}
