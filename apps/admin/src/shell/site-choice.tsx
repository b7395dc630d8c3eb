import { Select, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSession } from '../session/session';
import { useSite } from '../sites/sites';

/** What the list calls "all sites"; no site can have this id. */
const all = '*';

/** Chooses the site that is looked at. Whoever belongs to one site sees its name. */
export function SiteChoice() {
  const { t } = useTranslation('shell');
  const { session } = useSession();
  const { sites, siteId, nameOf, choose } = useSite();
  if (session.siteId !== null || sites.length === 1) {
    return (
      <Text size="sm" fw={500} truncate maw={180}>
        {siteId === null ? '' : nameOf(siteId)}
      </Text>
    );
  }
  return (
    <Select
      aria-label={t('site')}
      size="sm"
      w={{ base: 130, sm: 200 }}
      searchable={sites.length > 8}
      allowDeselect={false}
      data={[{ value: all, label: t('allSites') }, ...sites.map(({ id, name }) => ({ value: id, label: name }))]}
      value={siteId ?? all}
      onChange={(value) => choose(value === all ? null : value)}
    />
  );
}
