import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The end of a form of settings: saves the draft or gives it up, and says that it is one. */
export function SaveBar({ isChanged, saving, onDiscard }: { readonly isChanged: boolean; readonly saving: boolean; readonly onDiscard: () => void }) {
  const { t } = useTranslation('shell');
  return (
    <Group gap="sm">
      <Button type="submit" loading={saving} disabled={!isChanged}>
        {t('save')}
      </Button>
      {isChanged && (
        <>
          <Button variant="default" onClick={onDiscard} disabled={saving}>
            {t('discard')}
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {t('unsaved.draft')}
          </Text>
        </>
      )}
    </Group>
  );
}
