import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import type { ReactNode } from 'react';

/** The heading of a page, which is also the title of the browser's tab. */
export function PageHeader({ title, text, actions }: { readonly title: string; readonly text?: string; readonly actions?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · KKM`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2}>
        <Title order={1} size="h2" className="kkm-wrap">
          {title}
        </Title>
        {text !== undefined && (
          <Text c="dimmed" size="sm" maw={720}>
            {text}
          </Text>
        )}
      </Stack>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
