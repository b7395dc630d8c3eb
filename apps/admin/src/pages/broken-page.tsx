import { Button, Container } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../parts/empty-state';

/** A page that failed while it was shown, or whose part could not be loaded: after an update its old parts are gone. */
export function BrokenPage() {
  const { t } = useTranslation('shell');
  return (
    <Container component="main" size="sm" py="xl" role="alert">
      <EmptyState title={t('broken')} text={t('brokenText')} action={<Button onClick={() => location.reload()}>{t('reload')}</Button>} />
    </Container>
  );
}
