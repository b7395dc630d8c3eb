import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useIsLive } from '../live/live';

/** Says whether what is shown follows what happens. */
export function LiveBadge() {
  const { t } = useTranslation('payments');
  const isLive = useIsLive();
  return (
    <Badge role="status" variant="dot" color={isLive ? 'green' : 'orange'}>
      {isLive ? t('live') : t('notLive')}
    </Badge>
  );
}
