import { Accordion, Badge, Button, Center, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deliveryStates } from '@kkm/core';
import type { DeliveryState, WebhookDelivery, WebhookEndpoint, WebhookTry } from '@kkm/core';
import { api, inPath } from '../api/api';
import { EmptyState } from '../parts/empty-state';
import { Loaded } from '../parts/loaded';
import { ProblemAlert } from '../parts/problem-alert';
import { usePageList } from '../parts/use-page-list';
import { useSaving } from '../parts/use-saving';
import { useWords } from '../parts/words';

const colours = { waiting: 'blue', delivered: 'green', given_up: 'red' } as const;

/** What the switch calls "any state". */
const any = 'all';

/** What was sent to an endpoint, newest first, each with its tries. */
export function Deliveries({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { t } = useTranslation(['webhooks', 'shell']);
  const [state, setState] = useState<string>(any);
  const { list, rows } = usePageList<'WebhookDeliveryPage', WebhookDelivery>({
    queryKey: ['deliveries', endpoint.id],
    path: inPath`/v1/webhook-endpoints/${endpoint.id}/deliveries`,
    query: { state: state === any ? undefined : state },
    take: (page) => page.deliveries,
  });
  return (
    <Stack>
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          className="kkm-segments"
          aria-label={t('state')}
          data={[any, ...deliveryStates].map((value) => ({ value, label: value === any ? t('anyState') : t(`states.${value as DeliveryState}`) }))}
          value={state}
          onChange={setState}
        />
        <Button variant="default" loading={list.isRefetching} onClick={() => void list.refetch()}>
          {t('reload')}
        </Button>
      </Group>
      <Loaded query={list}>
        {() =>
          rows.length === 0 ? (
            <EmptyState title={t('noDeliveriesTitle')} text={t('noDeliveriesText')} />
          ) : (
            <Accordion variant="contained" order={3}>
              {rows.map((delivery) => (
                <Delivery key={delivery.id} delivery={delivery} endpoint={endpoint} />
              ))}
            </Accordion>
          )
        }
      </Loaded>
      {list.hasNextPage && (
        <Center>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('shell:more')}
          </Button>
        </Center>
      )}
    </Stack>
  );
}

function Delivery({ delivery, endpoint }: { readonly delivery: WebhookDelivery; readonly endpoint: WebhookEndpoint }) {
  const { t } = useTranslation('webhooks');
  const words = useWords();
  const { id, eventType, subject, state, createdAt, tries, nextTryAt, origin } = delivery;
  const replay = useSaving({
    save: () => api.post<'WebhookDelivery'>(inPath`/v1/webhook-endpoints/${endpoint.id}/deliveries/${id}/replay`),
    touches: [['deliveries', endpoint.id]],
    said: t('replayed'),
  });
  return (
    <Accordion.Item value={id}>
      <Accordion.Control>
        <Group gap="sm">
          <Badge variant="light" color={colours[state]}>
            {t(`states.${state}`)}
          </Badge>
          <Text size="sm" className="kkm-wrap">
            {eventType} · {words.time(createdAt)} · {t(`origins.${origin}`)}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="xs" align="flex-start">
          <Text size="sm" className="kkm-wrap">
            {t('subject', { subject })}
          </Text>
          {nextTryAt !== null && <Text size="sm">{t('nextTry', { at: words.time(nextTryAt) })}</Text>}
          {tries.map((one) => (
            <Try key={one.number} one={one} />
          ))}
          <Button size="xs" variant="default" loading={replay.isPending} disabled={!endpoint.enabled} onClick={() => replay.mutate(undefined)}>
            {t('replayOne')}
          </Button>
          {replay.isError && <ProblemAlert problem={replay.error} />}
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function Try({ one }: { readonly one: WebhookTry }) {
  const { t } = useTranslation('webhooks');
  const words = useWords();
  const { number, at, tookMs, code, fault, response } = one;
  const answer = code === null ? t('noAnswer', { fault: fault ?? '' }) : t('answered', { code });
  return (
    <Stack gap={2} w="100%">
      <Text size="sm">
        {t('try', { number })} · {words.time(at)} · {words.ms(tookMs)} · {answer}
      </Text>
      {response !== null && response !== '' && <pre className="kkm-slip">{response}</pre>}
    </Stack>
  );
}
