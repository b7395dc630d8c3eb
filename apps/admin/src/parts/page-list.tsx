import { Button, Center } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from './loaded';
import { RowTable } from './row-table';
import type { RowTableProps } from './row-table';

/** A list that is read page by page, as `usePageList` gives it. */
export interface PageListProps<Row> extends RowTableProps<Row> {
  readonly list: UseInfiniteQueryResult<unknown>;
  /** Shown where there are no rows. */
  readonly empty: ReactNode;
}

/** The rows that were read, and a button for more. */
export function PageList<Row>({ list, empty, ...table }: PageListProps<Row>) {
  const { t } = useTranslation('shell');
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  return (
    <Loaded query={list}>
      {() =>
        table.rows.length === 0 ? (
          empty
        ) : (
          <>
            <RowTable {...table} />
            {hasNextPage && (
              <Center mt="md">
                <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                  {t('more')}
                </Button>
              </Center>
            )}
          </>
        )
      }
    </Loaded>
  );
}
