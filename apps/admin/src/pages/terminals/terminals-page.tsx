import { Button, Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTerminals } from '../../equipment/equipment';
import type { Terminal } from '../../equipment/equipment';
import { addressText } from '../../equipment/transports';
import { EmptyState } from '../../parts/empty-state';
import { RowTable } from '../../parts/row-table';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { useWords } from '../../parts/words';
import { useSession } from '../../session/session';
import { useSite } from '../../sites/sites';
import { useHealth } from '../../terminals/health';
import { HealthBadges } from '../../terminals/health-now';

/** All terminals with their health now. */
export function TerminalsPage() {
  const { t } = useTranslation(['terminals', 'equipment']);
  const { may } = useSession();
  const { siteId, nameOf } = useSite();
  const terminals = useTerminals();
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} />
      <Loaded query={terminals}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              title={t('equipment:terminals.empty')}
              text={t('equipment:terminals.emptyText')}
              action={
                may('equipment:write') ? (
                  <Button component={Link} to="/equipment/add-terminal">
                    {t('equipment:add.terminals')}
                  </Button>
                ) : undefined
              }
            />
          ) : (
            <RowTable
              label={t('title')}
              rows={rows}
              keyOf={(row) => `${row.siteId}/${row.id}`}
              hrefOf={(row) => `/terminals/${row.siteId}/${row.id}`}
              columns={[
                { title: t('equipment:name'), cell: (row) => row.name },
                ...(siteId === null ? [{ title: t('equipment:site'), cell: (row: Terminal) => nameOf(row.siteId) }] : []),
                { title: t('now'), cell: (row) => <NowCell terminal={row} /> },
                { title: t('figures.readFailureRate'), cell: (row) => <FiguresCell terminal={row} figure="reads" />, isMinor: true },
                { title: t('figures.approval'), cell: (row) => <FiguresCell terminal={row} figure="approval" />, isMinor: true },
                { title: t('equipment:transport.title'), cell: (row) => addressText(row.transport), isMinor: true },
              ]}
            />
          )
        }
      </Loaded>
    </>
  );
}

function NowCell({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useTranslation(['terminals', 'equipment']);
  const health = useHealth(terminal.siteId, terminal.id, 'day');
  if (!terminal.enabled) return <Text size="sm">{t('equipment:disabled')}</Text>;
  if (health.data === undefined) return health.error === null ? <Skeleton h={20} w={80} /> : <Text size="sm">—</Text>;
  return <HealthBadges now={health.data.now} />;
}

function FiguresCell({ terminal, figure }: { readonly terminal: Terminal; readonly figure: 'reads' | 'approval' }) {
  const words = useWords();
  const health = useHealth(terminal.siteId, terminal.id, 'day');
  const total = health.data?.total;
  const rate = total?.readFailureRate ?? null;
  const spread = total?.approvalMs ?? null;
  if (figure === 'reads') return <>{rate === null ? '—' : words.percent(rate)}</>;
  return <>{spread === null ? '—' : words.ms(spread.p50)}</>;
}
