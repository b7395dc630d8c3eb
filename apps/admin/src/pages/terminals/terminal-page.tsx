import { Button, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useTerminal } from '../../equipment/equipment';
import type { Terminal } from '../../equipment/equipment';
import { addressText } from '../../equipment/transports';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { Card } from '../../parts/settings-card';
import { useSession } from '../../session/session';
import { periods, useHealth } from '../../terminals/health';
import type { Period } from '../../terminals/health';
import { TestPayments } from '../../terminals/test-payments';
import { HealthFacts } from './health-facts';
import { HealthOverTime } from './health-over-time';
import { TerminalRequests } from './terminal-requests';

/** A terminal: its health now and over time, what it was asked, and tests. */
export function TerminalPage() {
  const { siteId = '', id = '' } = useParams();
  const terminal = useTerminal(siteId, id);
  return <Loaded query={terminal}>{(data) => <TerminalView key={`${siteId}/${id}`} terminal={data} />}</Loaded>;
}

function TerminalView({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useTranslation('terminals');
  const { may } = useSession();
  const [period, setPeriod] = useState<Period>('day');
  const { siteId, id } = terminal;
  const health = useHealth(siteId, id, period);
  return (
    <>
      <PageHeader
        title={terminal.name}
        text={addressText(terminal.transport)}
        actions={
          <>
            <Button component={Link} to={`/terminals/${siteId}/${id}/certification`} variant="default">
              {t('certification.title')}
            </Button>
            {may('equipment:write') && (
              <Button component={Link} to={`/equipment/terminals/${siteId}/${id}`} variant="default">
                {t('settings')}
              </Button>
            )}
          </>
        }
      />
      <Stack maw={960}>
        <Card title={t('now')}>
          <Loaded query={health}>{(data) => <HealthFacts health={data} />}</Loaded>
        </Card>
        <Card title={t('overTime')}>
          <SegmentedControl
            aria-label={t('period')}
            data={(Object.keys(periods) as Period[]).map((value) => ({ value, label: t(`periods.${value}`) }))}
            value={period}
            onChange={(value) => setPeriod(value as Period)}
          />
          <Loaded query={health}>{(data) => <HealthOverTime health={data} />}</Loaded>
        </Card>
        <TerminalRequests terminal={terminal} />
        <Card title={t('test.title')}>
          <TestPayments siteId={siteId} terminalId={id} />
        </Card>
      </Stack>
    </>
  );
}
