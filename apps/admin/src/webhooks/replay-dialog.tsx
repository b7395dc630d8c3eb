import { Group, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WebhookEndpoint } from '@kkm/core';
import { api, inPath } from '../api/api';
import { Dialog } from '../parts/dialog';
import { ProblemAlert } from '../parts/problem-alert';
import { useSaving } from '../parts/use-saving';

/** Sends the events of a span of time once more. */
export function ReplayDialog({ endpoint, onClose }: { readonly endpoint: WebhookEndpoint; readonly onClose: () => void }) {
  const { t } = useTranslation('webhooks');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [undelivered, setUndelivered] = useState(true);
  const [tried, setTried] = useState(false);
  const replay = useSaving({
    save: () => {
      const until = to === '' ? {} : { to: new Date(to).toISOString() };
      const body = { from: new Date(from).toISOString(), ...until, only: undelivered ? 'undelivered' : 'all' };
      return api.post<'ReplayedWebhooks'>(inPath`/v1/webhook-endpoints/${endpoint.id}/replay`, { body });
    },
    touches: [['deliveries', endpoint.id]],
    onSaved: ({ replayed }) => {
      notifications.show({ message: t('replayedCount', { count: replayed }) });
      onClose();
    },
  });
  const confirm = (): void => {
    setTried(true);
    if (from !== '') replay.mutate(undefined);
  };
  return (
    <Dialog title={t('replayTitle')} text={t('replayText')} confirm={t('acts.replay')} isPending={replay.isPending} onConfirm={confirm} onClose={onClose}>
      <Group grow align="flex-start">
        <TextInput
          type="datetime-local"
          label={t('from')}
          required
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          error={tried && from === '' ? t('fromNeeded') : null}
        />
        <TextInput type="datetime-local" label={t('to')} description={t('toText')} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </Group>
      <Switch label={t('undelivered')} checked={undelivered} onChange={(event) => setUndelivered(event.currentTarget.checked)} />
      {replay.isError && <ProblemAlert problem={replay.error} />}
    </Dialog>
  );
}
