import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** Names and what they are: two columns, the names as headings of their rows. */
export function Facts({ label, facts }: { readonly label: string; readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <Table aria-label={label} withRowBorders={false} verticalSpacing={4}>
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w="40%" fw={500} c="dimmed">
              {name}
            </Table.Th>
            <Table.Td className="kkm-wrap">{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
