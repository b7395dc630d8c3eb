import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadBody, Scope } from '@kkm/contracts';
import { api } from '../api/api';
import { Dialog } from '../parts/dialog';
import { ProblemAlert } from '../parts/problem-alert';
import { SiteSelect } from '../parts/site-select';
import { useSaving } from '../parts/use-saving';

/** What a key may be allowed to do, the usual first. */
const scopes: readonly Scope[] = ['payments:read', 'payments:write', 'payments:resolve', 'equipment:write', 'ledger:read', 'admin'];

/** Who hears of the key, which is shown once. */
export interface CreateKeyDialogProps {
  readonly onIssued: (issued: ReadBody<'IssuedApiKey'>) => void;
  readonly onClose: () => void;
}

/** Makes a key. */
export function CreateKeyDialog({ onIssued, onClose }: CreateKeyDialogProps) {
  const { t } = useTranslation('apiKeys');
  const [name, setName] = useState('');
  const [siteId, setSiteId] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string[]>(['payments:read', 'payments:write']);
  const [tried, setTried] = useState(false);
  const saving = useSaving({
    save: () => api.post<'IssuedApiKey'>('/v1/api-keys', { body: { name: name.trim(), siteId, scopes: scopes.filter((scope) => chosen.includes(scope)) } }),
    touches: [['api-keys']],
    onSaved: onIssued,
  });
  const confirm = (): void => {
    setTried(true);
    if (name.trim() !== '' && chosen.length > 0) saving.mutate(undefined);
  };
  return (
    <Dialog title={t('add')} text={t('addText')} confirm={t('add')} isPending={saving.isPending} onConfirm={confirm} onClose={onClose}>
      <TextInput
        label={t('name')}
        description={t('nameText')}
        autoComplete="off"
        maxLength={100}
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={tried && name.trim() === '' ? t('nameNeeded') : null}
      />
      <SiteSelect label={t('site')} value={siteId} onChange={setSiteId} />
      <Checkbox.Group label={t('scopes')} value={chosen} onChange={setChosen} error={tried && chosen.length === 0 ? t('scopeNeeded') : null}>
        <Stack gap="xs" mt="xs">
          {scopes.map((scope) => (
            <Checkbox key={scope} value={scope} label={t(`scopeTexts.${textOf(scope)}`)} description={scope} />
          ))}
        </Stack>
      </Checkbox.Group>
      {saving.isError && <ProblemAlert problem={saving.error} />}
    </Dialog>
  );
}

/** A scope as a key of texts, where a colon would name an area. */
function textOf(scope: Scope) {
  return (
    {
      'payments:read': 'paymentsRead',
      'payments:write': 'paymentsWrite',
      'payments:resolve': 'paymentsResolve',
      'equipment:write': 'equipmentWrite',
      'ledger:read': 'ledgerRead',
      admin: 'admin',
    } as const
  )[scope];
}
