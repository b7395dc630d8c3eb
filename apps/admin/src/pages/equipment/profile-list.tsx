import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useProfiles } from '../../equipment/equipment';
import { EmptyState } from '../../parts/empty-state';
import { RowTable } from '../../parts/row-table';
import { Loaded } from '../../parts/loaded';
import { useSite } from '../../sites/sites';

/** Profiles: what differs from bank to bank. */
export function ProfileList() {
  const { t } = useTranslation(['equipment', 'shell']);
  const { siteId, nameOf } = useSite();
  const profiles = useProfiles(siteId ?? undefined);
  return (
    <Loaded query={profiles}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState
            title={t('profiles.empty')}
            text={t('profiles.emptyText')}
            action={
              <Button component={Link} to="/equipment/profiles/new">
                {t('add.profiles')}
              </Button>
            }
          />
        ) : (
          <RowTable
            label={t('tabs.profiles')}
            rows={rows}
            keyOf={(row) => `${row.siteId ?? '*'}/${row.id}`}
            hrefOf={(row) => `/equipment/profiles/${row.siteId ?? '*'}/${row.id}`}
            columns={[
              { title: t('name'), cell: (row) => row.name },
              { title: t('site'), cell: (row) => (row.siteId === null ? t('shell:allSites') : nameOf(row.siteId)) },
              { title: t('driver'), cell: (row) => row.driver, isMinor: true },
            ]}
          />
        )
      }
    </Loaded>
  );
}
