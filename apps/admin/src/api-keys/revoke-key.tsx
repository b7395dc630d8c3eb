import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { Confirm } from '../parts/confirm';
import { ProblemAlert } from '../parts/problem-alert';
import { useSaving } from '../parts/use-saving';

/** Asks before a key stops working for good. */
export function RevokeKey({ apiKey, onClose }: { readonly apiKey: ReadBody<'ApiKey'>; readonly onClose: () => void }) {
  const { t } = useTranslation('apiKeys');
  const revoking = useSaving({ save: () => api.delete(inPath`/v1/api-keys/${apiKey.id}`), touches: [['api-keys']], said: t('revoked'), onSaved: onClose });
  return (
    <Confirm
      opened
      title={t('revokeOf', { name: apiKey.name })}
      text={t('revokeText')}
      confirm={t('revoke')}
      danger
      loading={revoking.isPending}
      onConfirm={() => revoking.mutate(undefined)}
      onClose={onClose}
    >
      {revoking.isError && <ProblemAlert problem={revoking.error} />}
    </Confirm>
  );
}
