import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '../parts/empty-state';
import { PageHeader } from '../parts/page-header';

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation('shell');
  return (
    <>
      <PageHeader title={t('notFound')} />
      <EmptyState
        title={t('notFound')}
        text={t('notFoundText')}
        action={
          <Button component={Link} to="/" variant="default">
            {t('toStart')}
          </Button>
        }
      />
    </>
  );
}
