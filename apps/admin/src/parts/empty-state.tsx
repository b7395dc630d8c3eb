import { Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** What stands where a list would be, when there is nothing to list: why, and what to do about it. */
export function EmptyState({ title, text, action }: { readonly title: string; readonly text: string; readonly action?: ReactNode }) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="xs">
        <Text fw={600}>{title}</Text>
        <Text c="dimmed" ta="center" maw={520}>
          {text}
        </Text>
        {action}
      </Stack>
    </Paper>
  );
}
