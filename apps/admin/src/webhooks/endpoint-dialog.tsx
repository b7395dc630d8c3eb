import { MultiSelect, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { eventNames } from '@kkm/core';
import type { CompletionEvent, WebhookEndpoint } from '@kkm/core';
import type { ReadBody } from '@kkm/contracts';
import { api, inPath } from '../api/api';
import { Dialog } from '../parts/dialog';
import { ProblemAlert } from '../parts/problem-alert';
import { SiteSelect } from '../parts/site-select';
import { useSaving } from '../parts/use-saving';
import { useSite } from '../sites/sites';

/** An endpoint to be changed, or none for a new one. */
export interface EndpointDialogProps {
  readonly endpoint?: WebhookEndpoint;
  /** Hears of a new one; its secret is shown once. */
  readonly onIssued?: (issued: ReadBody<'IssuedWebhookEndpoint'>) => void;
  readonly onClose: () => void;
}

/** Sets where events go, and which. */
export function EndpointDialog({ endpoint, onIssued, onClose }: EndpointDialogProps) {
  const { t } = useTranslation(['webhooks', 'shell']);
  const chosenSite = useSite().siteId;
  const [name, setName] = useState(endpoint?.name ?? '');
  const [url, setUrl] = useState(endpoint?.url ?? 'https://');
  const [siteId, setSiteId] = useState(endpoint === undefined ? chosenSite : endpoint.siteId);
  const [types, setTypes] = useState<string[]>([...(endpoint?.eventTypes ?? [])]);
  const [enabled, setEnabled] = useState(endpoint?.enabled ?? true);
  const [tried, setTried] = useState(false);
  const members = { name: name.trim(), url: url.trim(), eventTypes: types.length === 0 ? null : types, enabled };
  const create = useSaving({
    save: () => api.post<'IssuedWebhookEndpoint'>('/v1/webhook-endpoints', { body: { ...members, siteId } }),
    touches: [['webhooks']],
    onSaved: (issued) => onIssued?.(issued),
  });
  const change = useSaving({
    save: () => api.patch<'WebhookEndpoint'>(inPath`/v1/webhook-endpoints/${endpoint?.id ?? ''}`, members),
    touches: [['webhooks']],
    onSaved: onClose,
  });
  const saving = endpoint === undefined ? create : change;
  const isUrl = /^https?:\/\/[^/]/.test(members.url);
  const confirm = (): void => {
    setTried(true);
    if (members.name !== '' && isUrl) saving.mutate(undefined);
  };
  return (
    <Dialog
      title={endpoint === undefined ? t('add') : t('change')}
      confirm={endpoint === undefined ? t('add') : t('shell:change')}
      isPending={saving.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <TextInput
        label={t('name')}
        maxLength={100}
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={tried && members.name === '' ? t('nameNeeded') : null}
      />
      <TextInput
        label={t('url')}
        description={t('urlText')}
        type="url"
        maxLength={500}
        required
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={tried && !isUrl ? t('urlWrong') : null}
      />
      {endpoint === undefined && <SiteSelect label={t('site')} value={siteId} onChange={setSiteId} />}
      <EventTypes value={types} onChange={setTypes} />
      <Switch label={t('enabled')} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      {saving.isError && <ProblemAlert problem={saving.error} />}
    </Dialog>
  );
}

function EventTypes({ value, onChange }: { readonly value: string[]; readonly onChange: (types: string[]) => void }) {
  const { t } = useTranslation('webhooks');
  const types: readonly CompletionEvent['type'][] = eventNames.map((name) => `kkm.payment.${name}.v1` as const);
  return (
    <MultiSelect
      label={t('eventTypes')}
      description={t('eventTypesText')}
      placeholder={value.length === 0 ? t('everyType') : ''}
      data={[...types]}
      value={value}
      onChange={onChange}
      clearable
      searchable
    />
  );
}
