import { Alert, Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, inPath, newKey } from '../../api/api';
import type { Terminal } from '../../equipment/equipment';
import { Confirm } from '../../parts/confirm';
import { ProblemAlert } from '../../parts/problem-alert';
import { Card } from '../../parts/settings-card';
import { useSession } from '../../session/session';
import { healthKey } from '../../terminals/health';
import { RequestList, requestsKey } from './request-list';

/** Seconds for which the answer of a terminal is waited for; it is kept and listed when it comes later. */
const waitSeconds = 60;

const asks = {
  linkTest: { path: 'link-test', body: {}, scopes: ['equipment:write'] },
  report: { path: 'report', body: { detailed: false }, scopes: ['payments:write', 'equipment:write'] },
  detailedReport: { path: 'report', body: { detailed: true }, scopes: ['payments:write', 'equipment:write'] },
  settle: { path: 'settle', body: {}, scopes: ['payments:write', 'equipment:write'] },
} as const;
type Ask = keyof typeof asks;

/** Link test, report and settlement, with the answers that are kept. */
export function TerminalRequests({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useTranslation('terminals');
  const { siteId, id: terminalId } = terminal;
  const { may } = useSession();
  const queries = useQueryClient();
  const [settling, setSettling] = useState(false);
  const asking = useMutation({
    mutationFn: ({ ask, key }: { readonly ask: Ask; readonly key: string }) =>
      api.post<'TerminalRequest'>(`${inPath`/v1/terminals/${terminalId}/`}${asks[ask].path}`, { query: { siteId }, body: asks[ask].body, key, waitSeconds }),
    onSettled: async () => {
      setSettling(false);
      await Promise.all([requestsKey, healthKey].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
  const run = (ask: Ask): void => asking.mutate({ ask, key: newKey() });
  const allowed = (Object.keys(asks) as Ask[]).filter((ask) => asks[ask].scopes.some(may));
  return (
    <Card title={t('requests.title')} text={t('requests.text')}>
      <Group>
        {allowed.map((ask) => (
          <Button
            key={ask}
            variant="default"
            disabled={asking.isPending}
            loading={asking.isPending && asking.variables.ask === ask}
            onClick={() => (ask === 'settle' ? setSettling(true) : run(ask))}
          >
            {t(`requests.asks.${ask}`)}
          </Button>
        ))}
      </Group>
      {asking.isPending && (
        <Alert color="blue" role="status">
          {t('requests.running')}
        </Alert>
      )}
      {asking.error !== null && <ProblemAlert problem={asking.error} />}
      <RequestList terminal={terminal} />
      <Confirm
        opened={settling}
        title={t('requests.askSettle')}
        text={t('requests.askSettleText')}
        confirm={t('requests.asks.settle')}
        loading={asking.isPending}
        onConfirm={() => run('settle')}
        onClose={() => setSettling(false)}
      />
    </Card>
  );
}
