import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { WebhookEndpoint } from '@kkm/core';
import { api, inPath } from '../api/api';
import { Confirm } from '../parts/confirm';
import { ProblemAlert } from '../parts/problem-alert';
import { SecretOnce } from '../parts/secret-once';
import { useSaving } from '../parts/use-saving';
import { useSession } from '../session/session';
import { EndpointDialog } from './endpoint-dialog';
import { ReplayDialog } from './replay-dialog';

type Asked = 'change' | 'rotate' | 'replay' | 'delete';

/** What can be done with an endpoint. Who may only look after it tests and replays. */
export function EndpointActs({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const { t } = useTranslation('webhooks');
  const { may } = useSession();
  const [asked, setAsked] = useState<Asked | null>(null);
  const test = useSaving({
    save: () => api.post<'WebhookDelivery'>(inPath`/v1/webhook-endpoints/${endpoint.id}/test`),
    touches: [['deliveries', endpoint.id]],
    said: t('tested'),
  });
  const close = (): void => setAsked(null);
  const acts: readonly Asked[] = may('admin') ? ['replay', 'change', 'rotate', 'delete'] : ['replay'];
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button loading={test.isPending} disabled={!endpoint.enabled} onClick={() => test.mutate(undefined)}>
          {t('test')}
        </Button>
        {acts.map((act) => (
          <Button key={act} variant="default" disabled={act === 'replay' && !endpoint.enabled} onClick={() => setAsked(act)}>
            {t(`acts.${act}`)}
          </Button>
        ))}
      </Group>
      {test.isError && <ProblemAlert problem={test.error} />}
      {asked === 'change' && <EndpointDialog endpoint={endpoint} onClose={close} />}
      {asked === 'rotate' && <RotateSecret endpoint={endpoint} onClose={close} />}
      {asked === 'replay' && <ReplayDialog endpoint={endpoint} onClose={close} />}
      {asked === 'delete' && <DeleteEndpoint endpoint={endpoint} onClose={close} />}
    </Stack>
  );
}

interface AskedProps {
  readonly endpoint: WebhookEndpoint;
  readonly onClose: () => void;
}

function RotateSecret({ endpoint, onClose }: AskedProps) {
  const { t } = useTranslation('webhooks');
  const rotate = useSaving({
    save: () => api.post<'IssuedWebhookEndpoint'>(inPath`/v1/webhook-endpoints/${endpoint.id}/rotate`, { body: {} }),
    touches: [['webhooks']],
  });
  if (rotate.data) return <SecretOnce title={t('issued')} label={t('secret')} secret={rotate.data.secret} onClose={onClose} />;
  return (
    <Confirm
      opened
      title={t('rotateTitle')}
      text={t('rotateText')}
      confirm={t('acts.rotate')}
      loading={rotate.isPending}
      onConfirm={() => rotate.mutate(undefined)}
      onClose={onClose}
    >
      {rotate.isError && <ProblemAlert problem={rotate.error} />}
    </Confirm>
  );
}

function DeleteEndpoint({ endpoint, onClose }: AskedProps) {
  const { t } = useTranslation('webhooks');
  const navigate = useNavigate();
  const deleting = useSaving({
    save: async () => {
      await api.delete(inPath`/v1/webhook-endpoints/${endpoint.id}`);
      await navigate('/webhooks');
    },
    touches: [['webhooks']],
    said: t('deleted'),
  });
  return (
    <Confirm
      opened
      title={t('deleteTitle')}
      text={t('deleteText')}
      confirm={t('acts.delete')}
      danger
      loading={deleting.isPending}
      onConfirm={() => deleting.mutate(undefined)}
      onClose={onClose}
    >
      {deleting.isError && <ProblemAlert problem={deleting.error} />}
    </Confirm>
  );
}
