import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '../../parts/empty-state';
import { RowTable } from '../../parts/row-table';
import { useSite } from '../../sites/sites';

/** The sites one may see. */
export function SiteList() {
  const { t } = useTranslation('equipment');
  const { sites } = useSite();
  if (sites.length === 0) {
    return (
      <EmptyState
        title={t('sites.empty')}
        text={t('sites.emptyText')}
        action={
          <Button component={Link} to="/equipment/sites/new">
            {t('add.sites')}
          </Button>
        }
      />
    );
  }
  return (
    <RowTable
      label={t('tabs.sites')}
      rows={sites}
      keyOf={(row) => row.id}
      hrefOf={(row) => `/equipment/sites/${row.id}`}
      columns={[
        { title: t('name'), cell: (row) => row.name },
        { title: t('id'), cell: (row) => row.id, isMinor: true },
        { title: t('sites.lateApproval'), cell: (row) => t(`sites.lateApprovals.${row.lateApproval}`) },
      ]}
    />
  );
}
