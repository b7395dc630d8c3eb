import { Center, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Shown while it is not known yet what to show. */
export function FirstLoading() {
  const { t } = useTranslation('shell');
  return (
    <Center mih="40dvh" role="status" aria-label={t('loading')}>
      <Loader />
    </Center>
  );
}
