import { Paper } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useInstructions } from '../../instructions/instructions';
import { MarkdownText } from '../../instructions/markdown-text';
import { EmptyState } from '../../parts/empty-state';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';

/** The whole instructions of a model. */
export function InstructionsPage() {
  const { t } = useTranslation(['walk', 'shell']);
  const { name = '' } = useParams();
  const instructions = useInstructions(name);
  return (
    <Loaded query={instructions}>
      {(text) =>
        text === null ? (
          <EmptyState title={t('shell:notFound')} text={t('shell:notFoundText')} />
        ) : (
          <>
            <PageHeader title={/^# (.+)$/m.exec(text)?.[1] ?? name} />
            <Paper withBorder p="md" radius="md" maw={900}>
              <MarkdownText text={text.replace(/^# .+\n/, '')} />
            </Paper>
          </>
        )
      }
    </Loaded>
  );
}
