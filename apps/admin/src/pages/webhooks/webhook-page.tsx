import { Anchor, Stack, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { WebhookEndpoint } from '@kkm/core';
import { api, inPath } from '../../api/api';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { Card } from '../../parts/settings-card';
import { useWords } from '../../parts/words';
import { useSite } from '../../sites/sites';
import { Deliveries } from '../../webhooks/deliveries';
import { EndpointActs } from '../../webhooks/endpoint-acts';
import { EndpointBadge } from './webhooks-page';

/** One endpoint, what was sent to it, and what became of it. */
export function WebhookPage() {
  const { t } = useTranslation('webhooks');
  const { id = '' } = useParams();
  const query = useQuery<WebhookEndpoint>({
    queryKey: ['webhooks', 'one', id],
    queryFn: ({ signal }) => api.get<'WebhookEndpoint'>(inPath`/v1/webhook-endpoints/${id}`, {}, signal),
  });
  return (
    <>
      <Anchor component={Link} to="/webhooks" size="sm">
        {t('back')}
      </Anchor>
      <PageHeader title={query.data?.name ?? t('title')} actions={query.data && <EndpointBadge endpoint={query.data} />} />
      <Loaded query={query}>
        {(endpoint) => (
          <Stack>
            <Card title={t('endpoint')}>
              <EndpointFacts endpoint={endpoint} />
              <EndpointActs endpoint={endpoint} />
            </Card>
            <Card title={t('deliveries')} text={t('deliveriesText')}>
              <Deliveries endpoint={endpoint} />
            </Card>
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function EndpointFacts({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { t } = useTranslation(['webhooks', 'shell']);
  const words = useWords();
  const { nameOf } = useSite();
  const { url, siteId, eventTypes, waiting, lastDeliveredAt, lastFailedAt, changedAt, changedBy, secrets } = endpoint;
  const at = (time: string | null): string => (time === null ? t('shell:never') : words.time(time));
  const facts: readonly (readonly [string, string])[] = [
    [t('url'), url],
    [t('site'), siteId === null ? t('shell:allSites') : nameOf(siteId)],
    [t('eventTypes'), eventTypes === null ? t('everyType') : eventTypes.join(', ')],
    [t('waiting'), words.number(waiting)],
    [t('lastDelivered'), at(lastDeliveredAt)],
    [t('lastFailed'), at(lastFailedAt)],
    [t('secretSince'), at(secrets[0]?.createdAt ?? null)],
    [t('changedAt'), t('changedBy', { at: words.time(changedAt), name: changedBy })],
  ];
  return (
    <Table aria-label={t('endpoint')} layout="fixed" verticalSpacing={4}>
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400} c="dimmed">
              {name}
            </Table.Th>
            <Table.Td className="kkm-wrap">{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
