import { Alert, Anchor, Button, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../../api/api';
import { errorWords } from '../../i18n/texts';
import { Dialog } from '../../parts/dialog';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { ProblemAlert } from '../../parts/problem-alert';
import { Card } from '../../parts/settings-card';
import { useSaving } from '../../parts/use-saving';
import { useWords } from '../../parts/words';
import { StateBadge } from './parked-page';

type Message = ReadBody<'ParkedMessage'>;

/** One parked message with all that is kept of it. */
export function ParkedMessagePage() {
  const { t } = useTranslation('parked');
  const { id = '' } = useParams();
  const query = useQuery({
    queryKey: ['parked', 'message', id],
    queryFn: ({ signal }) => api.get<'ParkedMessage'>(inPath`/v1/parked-messages/${id}`, {}, signal),
  });
  return (
    <>
      <Anchor component={Link} to="/parked" size="sm">
        {t('back')}
      </Anchor>
      <PageHeader title={query.data?.type ?? t('message')} actions={query.data && <StateBadge state={query.data.state} />} />
      <Loaded query={query}>{(message) => <MessageParts message={message} />}</Loaded>
    </>
  );
}

function MessageParts({ message }: { readonly message: Message }) {
  const { t } = useTranslation('parked');
  const words = errorWords(message.reason);
  return (
    <Stack>
      <Card title={t('reason')}>
        <Text fw={600} className="kkm-wrap">
          {words?.title ?? message.reason}
        </Text>
        {words && <Text size="sm">{words.remedy}</Text>}
        {message.dismissReason !== null && (
          <Text size="sm" className="kkm-wrap">
            {t('dismissedBecause', { name: message.settledBy ?? '', reason: message.dismissReason })}
          </Text>
        )}
        {message.state === 'parked' && <MessageActs message={message} />}
      </Card>
      <Card title={t('facts')}>
        <Facts message={message} />
      </Card>
      <Card title={t('body')} text={t('bodyText')}>
        <pre className="kkm-slip" tabIndex={0} aria-label={t('body')}>
          {indented(message.body)}
        </pre>
      </Card>
      <Card title={t('headers')}>
        <pre className="kkm-slip" tabIndex={0} aria-label={t('headers')}>
          {JSON.stringify(message.headers, null, 2)}
        </pre>
      </Card>
    </Stack>
  );
}

function MessageActs({ message }: { readonly message: Message }) {
  const { t } = useTranslation('parked');
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const keep = (after: Message): void => void queries.setQueryData(['parked', 'message', message.id], after);
  const replay = useSaving({
    save: () => api.post<'ParkedMessage'>(inPath`/v1/parked-messages/${message.id}/replay`),
    touches: [['parked']],
    said: t('replayed'),
    onSaved: keep,
  });
  return (
    <Stack gap="xs">
      {message.notReplayable !== null && <Alert color="gray">{t(`notReplayable.${message.notReplayable}`)}</Alert>}
      <Group gap="xs">
        <Button loading={replay.isPending} disabled={!message.isReplayable} onClick={() => replay.mutate(undefined)}>
          {t('replay')}
        </Button>
        <Button variant="default" onClick={() => setAsks(true)} disabled={replay.isPending}>
          {t('dismiss')}
        </Button>
      </Group>
      {replay.isError && <ProblemAlert problem={replay.error} />}
      {asks && <DismissDialog message={message} onDone={keep} onClose={() => setAsks(false)} />}
    </Stack>
  );
}

interface DismissDialogProps {
  readonly message: Message;
  readonly onDone: (after: Message) => void;
  readonly onClose: () => void;
}

function DismissDialog({ message, onDone, onClose }: DismissDialogProps) {
  const { t } = useTranslation('parked');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const dismiss = useSaving({
    save: () => api.post<'ParkedMessage'>(inPath`/v1/parked-messages/${message.id}/dismiss`, { body: { reason: oneLine(reason) } }),
    touches: [['parked']],
    said: t('dismissed'),
    onSaved: (after) => {
      onDone(after);
      onClose();
    },
  });
  const confirm = (): void => {
    setTried(true);
    if (oneLine(reason) !== '') dismiss.mutate(undefined);
  };
  return (
    <Dialog title={t('dismissTitle')} text={t('dismissText')} confirm={t('dismiss')} danger isPending={dismiss.isPending} onConfirm={confirm} onClose={onClose}>
      <Textarea
        label={t('dismissReason')}
        maxLength={500}
        autosize
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={tried && oneLine(reason) === '' ? t('reasonNeeded') : null}
      />
      {dismiss.isError && <ProblemAlert problem={dismiss.error} />}
    </Dialog>
  );
}

function Facts({ message }: { readonly message: Message }) {
  const { t } = useTranslation('parked');
  const words = useWords();
  const facts: readonly (readonly [string, string | null])[] = [
    [t('at'), words.time(message.parkedAt)],
    [t('sentAt'), message.sentAt && words.time(message.sentAt)],
    [t('site'), message.siteId],
    [t('queue'), message.queue],
    [t('exchange'), message.exchange],
    [t('routingKey'), message.routingKey],
    [t('messageId'), message.messageId],
    [t('sender'), message.sender],
    [t('size'), t('bytes', { count: message.size })],
    [t('settledAt'), message.settledAt && words.time(message.settledAt)],
    [t('settledBy'), message.settledBy],
  ];
  const known = facts.filter(([, value]) => value !== null && value !== '');
  return (
    <Table aria-label={t('facts')} layout="fixed" verticalSpacing={4}>
      <Table.Tbody>
        {known.map(([name, value]) => (
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

/** The reason is one line of the books. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** JSON with its lines; what is none stays as it came. */
function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
