import { Alert, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { languageNow } from '../i18n/texts';
import { instructionSteps, instructionText } from './instruction-pages';
import type { Model } from './instruction-pages';
import { sectionOf } from './instruction-section';
import { MarkdownText } from './markdown-text';

/** Reads one page of the instructions in the language in force. */
export function useInstructions(name: string) {
  const language = languageNow();
  return useQuery({ queryKey: ['instructions', name, language], queryFn: () => instructionText(name, language), staleTime: Number.POSITIVE_INFINITY });
}

/** What the instructions of a model say about one step. Of an unknown model: what holds for every PAX. */
export function StepInstructions({ model, step }: { readonly model: Model; readonly step: keyof typeof instructionSteps }) {
  const { t } = useTranslation('walk');
  const name = model === 'other' ? 'pax-q25' : model;
  const { data } = useInstructions(name);
  const section = typeof data === 'string' ? sectionOf(data, instructionSteps[step]) : null;
  if (section === null) return null;
  return (
    <Alert color="gray" variant="light">
      {model === 'other' && (
        <Text size="sm" c="dimmed" mb="xs">
          {t('model.otherText')}
        </Text>
      )}
      <MarkdownText text={section} />
      <Group mt="xs">
        <Button component={Link} to={`/equipment/instructions/${name}`} target="_blank" size="xs" variant="default">
          {t('wholeInstructions')}
        </Button>
      </Group>
    </Alert>
  );
}
