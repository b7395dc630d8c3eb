import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Health } from './health';

const colors = { up: 'green', down: 'red', unknown: 'gray' } as const;

/** Whether a terminal can take money now, as badges. */
export function HealthBadges({ now }: { readonly now: Health['now'] }) {
  const { t } = useTranslation('terminals');
  return (
    <Group gap={4}>
      <Badge variant="light" color={colors[now.link]}>
        {t(`links.${now.link}`)}
      </Badge>
      {now.busy !== null && (
        <Badge variant="light" color="blue">
          {t('busy')}
        </Badge>
      )}
      {now.inDoubt && (
        <Badge variant="light" color="orange">
          {t('inDoubt')}
        </Badge>
      )}
    </Group>
  );
}
