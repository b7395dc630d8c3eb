import { Anchor, Paper, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** One column: its heading, and what stands in it for a row. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Left out where the screen is narrow. */
  readonly isMinor?: boolean;
}

/** A list of things, one a row. */
export interface RowTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Where the first column leads; left out: its cells are as they are. */
  readonly hrefOf?: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
}

/** A table that scrolls inside itself where it is wider than the screen. */
export function RowTable<Row>({ label, rows, keyOf, hrefOf, columns }: RowTableProps<Row>) {
  const shown = (column: Column<Row>) => (column.isMinor ? { visibleFrom: 'md' } : {});
  return (
    <Paper withBorder radius="md">
      <Table.ScrollContainer minWidth={280} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': label } }}>
        <Table className="kkm-rows" verticalSpacing="sm" highlightOnHover={hrefOf !== undefined} aria-label={label}>
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
                {columns.map((column, index) => (
                  <Table.Td key={column.title} className="kkm-wrap" data-title={column.title} {...shown(column)}>
                    {index === 0 && hrefOf !== undefined ? (
                      <Anchor component={Link} to={hrefOf(row)}>
                        {column.cell(row)}
                      </Anchor>
                    ) : (
                      column.cell(row)
                    )}
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
