import { Button, Center, Paper, Table } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from './link-table';
import { Loaded } from './loaded';

/** A list that is read page by page, as `usePageList` gives it. */
export interface PageListProps<Row> {
  readonly label: string;
  readonly list: UseInfiniteQueryResult<unknown>;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** Shown where there are no rows. */
  readonly empty: ReactNode;
}

/** The rows that were read, and a button for more. */
export function PageList<Row>({ label, list, rows, keyOf, columns, empty }: PageListProps<Row>) {
  const { t } = useTranslation('shell');
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  return (
    <Loaded query={list}>
      {() =>
        rows.length === 0 ? (
          empty
        ) : (
          <>
            <RowTable label={label} rows={rows} keyOf={keyOf} columns={columns} />
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

function RowTable<Row>({ label, rows, keyOf, columns }: Pick<PageListProps<Row>, 'label' | 'rows' | 'keyOf' | 'columns'>) {
  const shown = (column: Column<Row>) => (column.isMinor ? { visibleFrom: 'md' } : {});
  return (
    <Paper withBorder radius="md">
      <Table.ScrollContainer minWidth={280} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label } }}>
        <Table verticalSpacing="sm" aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column.title} scope="col" {...shown(column)}>
                  {column.title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={keyOf(row)}>
                {columns.map((column) => (
                  <Table.Td key={column.title} className="kkm-wrap" {...shown(column)}>
                    {column.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
