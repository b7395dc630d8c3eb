import { Alert, Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from './problem-alert';

/** What is known of a wish, as `useOnce` gives it. */
export interface OnceProblemProps<Body> {
  readonly once: { readonly lost: Body | null; readonly error: Error | null; readonly isPending: boolean; readonly send: (body: Body) => void };
}

/** Says why a wish was not carried out; where its answer was lost, that it may have been, and lets it be sent once more under the same key. */
export function OnceProblem<Body>({ once }: OnceProblemProps<Body>) {
  const { t } = useTranslation('payments');
  const { lost, error, isPending, send } = once;
  if (lost === null) return error !== null && !isPending ? <ProblemAlert problem={error} /> : null;
  return (
    <Alert color="orange" title={t('acts.lostTitle')} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('acts.lostText')}</Text>
        <Button size="xs" variant="default" onClick={() => send(lost)}>
          {t('acts.sameAgain')}
        </Button>
      </Stack>
    </Alert>
  );
}
