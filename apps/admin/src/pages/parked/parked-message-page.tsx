import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../../api/api';
import { ParkedActs } from '../../parked/parked-acts';
import { useReasonWords } from '../../parked/reason-words';
import { ParkedStateBadge } from '../../parked/state-badge';
import { Facts } from '../../parts/facts';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { Card } from '../../parts/settings-card';
import { useWords } from '../../parts/words';
import { useSite } from '../../sites/sites';

type Message = ReadBody<'ParkedMessage'>;

/** One parked message with all that is kept of it. */
export function ParkedMessagePage() {
  const { t } = useTranslation('parked');
  const { id = '' } = useParams();
  const query = useQuery({
    queryKey: ['parked', 'message', id],
    queryFn: ({ signal }) => api.get<'ParkedMessage'>(inPath`/v1/parked-messages/${id}`, {}, signal),
  });
  const { data } = query;
  return (
    <>
      <Anchor component={Link} to="/parked" size="sm">
        {t('back')}
      </Anchor>
      <PageHeader title={data?.type ?? data?.routingKey ?? t('message')} actions={data && <ParkedStateBadge state={data.state} />} />
      <Loaded query={query}>{(message) => <MessageParts key={message.id} message={message} />}</Loaded>
    </>
  );
}

function MessageParts({ message }: { readonly message: Message }) {
  const { t } = useTranslation('parked');
  const { title, remedy } = useReasonWords()(message.reason);
  return (
    <Stack>
      <Card title={t('reason')}>
        <Text fw={600} className="kkm-wrap">
          {title}
        </Text>
        {remedy !== '' && <Text size="sm">{remedy}</Text>}
        {message.dismissReason !== null && (
          <Text size="sm" className="kkm-wrap">
            {t('dismissedBecause', { name: message.settledBy?.name ?? '', reason: message.dismissReason })}
          </Text>
        )}
        {message.state === 'parked' && <ParkedActs message={message} />}
      </Card>
      <Card title={t('facts')}>
        <Origin message={message} />
      </Card>
      <Card title={t('body')} text={t('bodyText')}>
        <Body message={message} />
      </Card>
      <Card title={t('headers')}>
        <pre className="kkm-slip" tabIndex={0} aria-label={t('headers')}>
          {JSON.stringify(message.headers, null, 2)}
        </pre>
      </Card>
    </Stack>
  );
}

function Body({ message: { body, bodyForm, isBodyCut } }: { readonly message: Message }) {
  const { t } = useTranslation('parked');
  if (body === '') return <Text size="sm">{t('empty')}</Text>;
  return (
    <>
      {bodyForm === 'base64' && <Text size="sm">{t('base64')}</Text>}
      {isBodyCut && <Text size="sm">{t('cut')}</Text>}
      <pre className="kkm-slip" tabIndex={0} aria-label={t('body')}>
        {bodyForm === 'json' && !isBodyCut ? JSON.stringify(JSON.parse(body), null, 2) : body}
      </pre>
    </>
  );
}

function Origin({ message }: { readonly message: Message }) {
  const { t } = useTranslation('parked');
  const words = useWords();
  const { nameOf } = useSite();
  const { siteId, paymentId, replayOf, parkedAgainAs, settledAt, settledBy } = message;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('at'), words.time(message.parkedAt)],
    [t('site'), siteId === null ? t('nobodys') : nameOf(siteId)],
    [t('payment'), paymentId && linkTo('/payments', paymentId, paymentId)],
    [t('replayOf'), replayOf && linkTo('/parked', replayOf, t('earlier'))],
    [t('parkedAgainAs'), parkedAgainAs && linkTo('/parked', parkedAgainAs, t('later'))],
    [t('queue'), message.queue],
    [t('exchange'), message.exchange],
    [t('routingKey'), message.routingKey],
    [t('messageId'), message.messageId],
    [t('sender'), message.sender ?? t('nobody')],
    [t('size'), t('bytes', { count: message.size })],
    [t('settledAt'), settledAt && words.time(settledAt)],
    [t('settledBy'), settledBy?.name ?? null],
  ];
  return <Facts label={t('facts')} facts={facts.filter(([, value]) => value !== null && value !== '')} />;
}

function linkTo(section: string, id: string, text: string): ReactNode {
  return (
    <Anchor component={Link} to={`${section}/${encodeURIComponent(id)}`} size="sm">
      {text}
    </Anchor>
  );
}
