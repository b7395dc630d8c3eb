import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { Dialog } from '../parts/dialog';
import { ProblemAlert } from '../parts/problem-alert';
import { useSaving } from '../parts/use-saving';

type Message = ReadBody<'ParkedMessage'>;

/** As many characters as the contract takes. */
const reasonLength = 500;

/** What can be done with a message that nobody has settled. */
export function ParkedActs({ message }: { readonly message: Message }) {
  const { t } = useTranslation('parked');
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const replay = useSaving({
    save: () => api.post<'ParkedMessage'>(inPath`/v1/parked-messages/${message.id}/replay`),
    touches: [['parked']],
    said: t('replayed'),
  });
  // Somebody else may have settled it: then that is seen, too.
  const lookAgain = (): void => void queries.invalidateQueries({ queryKey: ['parked'] });
  return (
    <Stack gap="xs">
      {message.notReplayable === null ? <Text size="sm">{t('replayText')}</Text> : <Alert color="gray">{t(`notReplayable.${message.notReplayable}`)}</Alert>}
      <Group gap="xs">
        <Button loading={replay.isPending} disabled={message.notReplayable !== null} onClick={() => replay.mutate(undefined, { onError: lookAgain })}>
          {t('replay')}
        </Button>
        <Button variant="default" onClick={() => setAsks(true)} disabled={replay.isPending}>
          {t('dismiss')}
        </Button>
      </Group>
      {replay.isError && <ProblemAlert problem={replay.error} />}
      {asks && <DismissDialog message={message} onClose={() => setAsks(false)} />}
    </Stack>
  );
}

function DismissDialog({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const { t } = useTranslation('parked');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const dismiss = useSaving({
    save: () => api.post<'ParkedMessage'>(inPath`/v1/parked-messages/${message.id}/dismiss`, { body: { reason: oneLine(reason) } }),
    touches: [['parked']],
    said: t('dismissed'),
    onSaved: onClose,
  });
  const confirm = (): void => {
    setTried(true);
    if (oneLine(reason) !== '') dismiss.mutate(undefined);
  };
  return (
    <Dialog title={t('dismissTitle')} text={t('dismissText')} confirm={t('dismiss')} danger isPending={dismiss.isPending} onConfirm={confirm} onClose={onClose}>
      <Textarea
        label={t('dismissReason')}
        maxLength={reasonLength}
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

/** The reason is one line of the books. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
