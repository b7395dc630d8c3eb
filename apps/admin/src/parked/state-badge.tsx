import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ParkedState } from '@kkm/core';

/** Colours of the states. */
const colours = { parked: 'orange', replayed: 'green', dismissed: 'gray' } as const;

/** Where a parked message stands. */
export function ParkedStateBadge({ state }: { readonly state: ParkedState }) {
  const { t } = useTranslation('parked');
  return (
    <Badge variant="light" miw="max-content" color={colours[state]}>
      {t(`states.${state}`)}
    </Badge>
  );
}
