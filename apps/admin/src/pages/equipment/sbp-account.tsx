import { PasswordInput, Select, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReadBody, SentBody } from '@kkm/contracts';
import { sbpBankNames } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { ApiProblem } from '../../api/api-problem';
import { settingChangesKey } from '../../equipment/equipment';
import { Loaded } from '../../parts/loaded';
import { SettingsCard } from '../../parts/settings-card';
import type { Draft } from '../../parts/use-draft';
import { useSettings } from '../../parts/use-settings';
import { useWords } from '../../parts/words';

/** Where a site's account is kept among the queries. */
const accountKey = ['sbp-account'] as const;

/** A site's contract with the bank that QRs are asked of; null: none yet. */
type Account = ReadBody<'SbpAccount'> | null;

/** What the form holds; an empty secret: the stored one stays. */
interface SbpAccountDraft extends Omit<SentBody<'SetSbpAccount'>, 'secret'> {
  readonly secret: string;
}

/** The bank that a site's SBP payments go through. The secret is only ever written. */
export function SbpAccount({ siteId }: { readonly siteId: string }) {
  const account = useQuery({ queryKey: [...accountKey, siteId], queryFn: ({ signal }) => readAccount(siteId, signal) });
  return <Loaded query={account}>{(data) => <SbpAccountForm siteId={siteId} account={data} />}</Loaded>;
}

function SbpAccountForm({ siteId, account }: { readonly siteId: string; readonly account: Account }) {
  const { t } = useTranslation('equipment');
  const words = useWords();
  const { values, change, save, faultAt, card } = useSettings({
    saved: draftOf(account),
    save: (body: SentBody<'SetSbpAccount'>) => api.put<'SbpAccount'>(inPath`/v1/sites/${siteId}/sbp-account`, body),
    touches: [accountKey, settingChangesKey],
  });
  const { secret, ...rest } = values;
  return (
    <SettingsCard title={t('sbp.title')} text={t('sbp.text')} onSave={() => save({ ...rest, ...(secret === '' ? {} : { secret }) })} {...card}>
      {account !== null && (
        <Text size="sm" c="dimmed">
          {t('sbp.changed', { time: words.time(account.changedAt), name: account.changedBy })}
        </Text>
      )}
      <SbpAccountFields values={values} change={change} faultAt={faultAt} isNew={account === null} />
    </SettingsCard>
  );
}

interface SbpAccountFieldsProps extends Pick<Draft<SbpAccountDraft>, 'values' | 'change'> {
  readonly faultAt: (pointer: string) => string | undefined;
  readonly isNew: boolean;
}

function SbpAccountFields({ values, change, faultAt, isNew }: SbpAccountFieldsProps) {
  const { t } = useTranslation('equipment');
  return (
    <>
      <Select
        label={t('sbp.bank')}
        allowDeselect={false}
        data={sbpBankNames.map((value) => ({ value, label: t(`sbp.banks.${value}`) }))}
        value={values.bank}
        onChange={(bank) => bank !== null && change({ bank })}
      />
      <TextInput
        label={t('sbp.baseUrl')}
        required
        inputMode="url"
        value={values.baseUrl}
        onChange={(event) => change({ baseUrl: event.currentTarget.value })}
        error={faultAt('/baseUrl')}
      />
      <TextInput
        label={t('sbp.merchantId')}
        required
        autoComplete="off"
        value={values.merchantId}
        onChange={(event) => change({ merchantId: event.currentTarget.value })}
        error={faultAt('/merchantId')}
      />
      <PasswordInput
        label={t('sbp.secret')}
        description={t(isNew ? 'sbp.secretNeeded' : 'sbp.secretSet')}
        autoComplete="new-password"
        value={values.secret}
        onChange={(event) => change({ secret: event.currentTarget.value })}
        error={faultAt('/secret')}
      />
    </>
  );
}

function draftOf(account: Account): SbpAccountDraft {
  return { bank: account?.bank ?? sbpBankNames[0], baseUrl: account?.baseUrl ?? '', merchantId: account?.merchantId ?? '', secret: '' };
}

async function readAccount(siteId: string, signal: AbortSignal): Promise<Account> {
  try {
    return await api.get<'SbpAccount'>(inPath`/v1/sites/${siteId}/sbp-account`, {}, signal);
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'equipment.not_found') return null;
    throw error;
  }
}
