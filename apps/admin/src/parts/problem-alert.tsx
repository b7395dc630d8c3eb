import { Alert, Button, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/api-problem';
import { errorWords } from '../i18n/texts';

/** Something that went wrong, in words: what happened, what to do, and which members of a form are meant. */
export function ProblemAlert({ problem, again }: { readonly problem: unknown; readonly again?: () => void }) {
  const { t } = useTranslation('shell');
  const { title, remedy, detail } = useProblemWords(problem);
  return (
    <Alert color="red" title={title} role="alert">
      <Stack gap="xs" align="flex-start">
        {remedy !== '' && <Text size="sm">{remedy}</Text>}
        {detail.length > 0 && (
          <List size="sm">
            {detail.map((line) => (
              <List.Item key={line} className="kkm-wrap">
                {line}
              </List.Item>
            ))}
          </List>
        )}
        {again && (
          <Button size="xs" variant="default" onClick={again}>
            {t('again')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** The words for a problem, also for a message that passes by. */
export function useProblemWords(problem: unknown): { readonly title: string; readonly remedy: string; readonly detail: readonly string[] } {
  const { t } = useTranslation(['problems', 'shell']);
  if (!(problem instanceof ApiProblem)) return { title: t('shell:broken'), remedy: t('shell:brokenText'), detail: [] };
  const { refusal } = problem;
  if (refusal.kind === 'offline') return { title: t('offline'), remedy: t('offlineText'), detail: [] };
  if (refusal.kind === 'unreadable') return { title: t('unreadable'), remedy: t('unreadableText', { status: refusal.status }), detail: [] };
  const { code, title, detail, errors, instance } = refusal.problem;
  const words = errorWords(code) ?? { title, remedy: '' };
  return {
    ...words,
    detail: [
      ...(detail === undefined ? [] : [detail]),
      ...(errors ?? []).map((fault) => t('atField', { field: fault.pointer, detail: fault.detail })),
      ...(code === 'internal' && instance !== undefined ? [t('request', { id: instance })] : []),
    ],
  };
}
