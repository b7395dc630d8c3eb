import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTerminals } from '../../equipment/equipment';
import type { Terminal } from '../../equipment/equipment';
import { addressText } from '../../equipment/transports';
import { EmptyState } from '../../parts/empty-state';
import { RowTable } from '../../parts/row-table';
import { Loaded } from '../../parts/loaded';
import { useSite } from '../../sites/sites';
import { EnabledBadge } from './register-list';

/** The terminals of the chosen site as they are set up. */
export function TerminalList() {
  const { t } = useTranslation('equipment');
  const { siteId, nameOf } = useSite();
  const terminals = useTerminals();
  return (
    <Loaded query={terminals}>
      {(rows) =>
        rows.length === 0 ? (
          <EmptyState
            title={t('terminals.empty')}
            text={t('terminals.emptyText')}
            action={
              <Button component={Link} to="/equipment/add-terminal">
                {t('add.terminals')}
              </Button>
            }
          />
        ) : (
          <RowTable
            label={t('tabs.terminals')}
            rows={rows}
            keyOf={(row) => `${row.siteId}/${row.id}`}
            hrefOf={(row) => `/equipment/terminals/${row.siteId}/${row.id}`}
            columns={[
              { title: t('name'), cell: (row) => row.name },
              ...(siteId === null ? [{ title: t('site'), cell: (row: Terminal) => nameOf(row.siteId) }] : []),
              { title: t('transport.title'), cell: (row) => addressText(row.transport) },
              { title: t('bank.terminalId'), cell: (row) => row.bank.terminalId ?? '—', isMinor: true },
              { title: t('bank.entity'), cell: (row) => row.bank.legalEntity?.name ?? '—', isMinor: true },
              { title: t('state'), cell: (row) => <EnabledBadge enabled={row.enabled} />, isMinor: true },
            ]}
          />
        )
      }
    </Loaded>
  );
}
