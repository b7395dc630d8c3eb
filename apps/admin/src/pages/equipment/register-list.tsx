import { Badge, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useRegisters, useTerminals } from '../../equipment/equipment';
import type { Register } from '../../equipment/equipment';
import { EmptyState } from '../../parts/empty-state';
import { RowTable } from '../../parts/row-table';
import { Loaded } from '../../parts/loaded';
import { useSite } from '../../sites/sites';

/** The registers of the chosen site, with what each does with the electronic part of a check. */
export function RegisterList() {
  const { t } = useTranslation('equipment');
  const { siteId, nameOf } = useSite();
  const registers = useRegisters();
  const terminals = useTerminals();
  const terminalName = ({ siteId: ofSite, automaticAcquiring }: Register): string =>
    terminals.data?.find(({ id, siteId: its }) => id === automaticAcquiring.terminalId && its === ofSite)?.name ?? automaticAcquiring.terminalId ?? '—';
  return (
    <Loaded query={registers}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState
            title={t('registers.empty')}
            text={t('registers.emptyText')}
            action={
              <Button component={Link} to="/equipment/registers/new">
                {t('add.registers')}
              </Button>
            }
          />
        ) : (
          <RowTable
            label={t('tabs.registers')}
            rows={rows}
            keyOf={(row) => `${row.siteId}/${row.id}`}
            hrefOf={(row) => `/equipment/registers/${row.siteId}/${row.id}`}
            columns={[
              { title: t('name'), cell: (row) => row.name },
              ...(siteId === null ? [{ title: t('site'), cell: (row: Register) => nameOf(row.siteId) }] : []),
              { title: t('numDevice'), cell: (row) => row.numDevice, isMinor: true },
              { title: t('acquiring.option'), cell: (row) => t(`acquiring.options.${row.automaticAcquiring.option}`) },
              { title: t('acquiring.terminal'), cell: terminalName },
              { title: t('state'), cell: (row) => <EnabledBadge enabled={row.enabled} />, isMinor: true },
            ]}
          />
        )
      }
    </Loaded>
  );
}

/** Whether an entry is in use. */
export function EnabledBadge({ enabled }: { readonly enabled: boolean }) {
  const { t } = useTranslation('equipment');
  return (
    <Badge variant="light" color={enabled ? 'green' : 'gray'}>
      {t(enabled ? 'enabled' : 'disabled')}
    </Badge>
  );
}
