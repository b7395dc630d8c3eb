import { Badge, Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { WebhookEndpoint } from '@kkm/core';
import type { ReadBody } from '@kkm/contracts';
import { EmptyState } from '../../parts/empty-state';
import { PageHeader } from '../../parts/page-header';
import { PageList } from '../../parts/page-list';
import { SecretOnce } from '../../parts/secret-once';
import { usePageList } from '../../parts/use-page-list';
import { useWords } from '../../parts/words';
import { useSession } from '../../session/session';
import { useSite } from '../../sites/sites';
import { EndpointDialog } from '../../webhooks/endpoint-dialog';

/** Where completion events are sent. */
export function WebhooksPage() {
  const { t } = useTranslation(['webhooks', 'shell']);
  const words = useWords();
  const navigate = useNavigate();
  const { may } = useSession();
  const { listedOf, nameOf } = useSite();
  const [adds, setAdds] = useState(false);
  const [issued, setIssued] = useState<ReadBody<'IssuedWebhookEndpoint'> | null>(null);
  const { list, rows } = usePageList<'WebhookEndpointPage', WebhookEndpoint>({
    queryKey: ['webhooks'],
    path: '/v1/webhook-endpoints',
    query: { siteId: listedOf },
    take: (page) => page.webhookEndpoints,
  });
  const at = (time: string | null): string => (time === null ? t('shell:never') : words.time(time));
  const columns = [
    { title: t('name'), cell: (one: WebhookEndpoint) => one.name },
    { title: t('url'), cell: (one: WebhookEndpoint) => one.url },
    { title: t('state'), cell: (one: WebhookEndpoint) => <EndpointBadge endpoint={one} /> },
    { title: t('waiting'), cell: (one: WebhookEndpoint) => words.number(one.waiting) },
    { title: t('site'), cell: (one: WebhookEndpoint) => (one.siteId === null ? t('shell:allSites') : nameOf(one.siteId)), isMinor: true },
    { title: t('lastDelivered'), cell: (one: WebhookEndpoint) => at(one.lastDeliveredAt), isMinor: true },
    { title: t('lastFailed'), cell: (one: WebhookEndpoint) => at(one.lastFailedAt), isMinor: true },
  ];
  const add = may('admin') ? <Button onClick={() => setAdds(true)}>{t('add')}</Button> : undefined;
  const onIssued = (made: ReadBody<'IssuedWebhookEndpoint'>): void => {
    setAdds(false);
    setIssued(made);
  };
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} actions={add} />
      <PageList
        label={t('title')}
        list={list}
        rows={rows}
        keyOf={({ id }) => id}
        hrefOf={({ id }) => `/webhooks/${encodeURIComponent(id)}`}
        columns={columns}
        empty={<EmptyState title={t('emptyTitle')} text={t('emptyText')} action={add} />}
      />
      {adds && <EndpointDialog onIssued={onIssued} onClose={() => setAdds(false)} />}
      {issued && (
        <SecretOnce
          title={t('issued')}
          label={t('secret')}
          secret={issued.secret}
          onClose={() => void navigate(`/webhooks/${encodeURIComponent(issued.id)}`)}
        />
      )}
    </>
  );
}

/** Whether an endpoint is sent to, and if not, why. */
export function EndpointBadge({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { t } = useTranslation('webhooks');
  if (endpoint.enabled)
    return (
      <Badge variant="light" color="green">
        {t('on')}
      </Badge>
    );
  return (
    <Badge variant="light" color={endpoint.disabledBecause === 'gone' ? 'red' : 'gray'}>
      {endpoint.disabledBecause === 'gone' ? t('gone') : t('off')}
    </Badge>
  );
}
