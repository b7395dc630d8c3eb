import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { Dialog } from '../parts/dialog';
import { ProblemAlert } from '../parts/problem-alert';
import { useSaving } from '../parts/use-saving';
import type { CreateKeyDialogProps } from './create-key-dialog';

/** For how long the old key still works: not at all, an hour, a day; seconds. */
const graces = ['0', '3600', '86400'] as const;

/** Gives a program a new key in place of its old one. */
export function RotateKeyDialog({ apiKey, onIssued, onClose }: CreateKeyDialogProps & { readonly apiKey: ReadBody<'ApiKey'> }) {
  const { t } = useTranslation('apiKeys');
  const [grace, setGrace] = useState<(typeof graces)[number]>('3600');
  const saving = useSaving({
    save: () => api.post<'IssuedApiKey'>(inPath`/v1/api-keys/${apiKey.id}/rotate`, { body: { graceSeconds: Number(grace) } }),
    touches: [['api-keys']],
    onSaved: onIssued,
  });
  return (
    <Dialog
      title={t('rotateOf', { name: apiKey.name })}
      text={t('rotateText')}
      confirm={t('rotate')}
      isPending={saving.isPending}
      onConfirm={() => saving.mutate(undefined)}
      onClose={onClose}
    >
      <Select
        label={t('grace')}
        allowDeselect={false}
        data={graces.map((value) => ({ value, label: t(`graces.${value}`) }))}
        value={grace}
        onChange={(value) => setGrace(graces.find((one) => one === value) ?? grace)}
      />
      {saving.isError && <ProblemAlert problem={saving.error} />}
    </Dialog>
  );
}
