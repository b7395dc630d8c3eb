import { NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import type { SentBody } from '@kkm/contracts';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { registersKey, settingChangesKey } from '../../equipment/equipment';
import type { Register } from '../../equipment/equipment';
import { SettingsCard } from '../../parts/settings-card';
import { useSettings } from '../../parts/use-settings';

/** The form's members; the password is only ever written. */
interface FiscalDraft {
  readonly mode: 'none' | 'forward';
  readonly url: string;
  readonly login: string;
  readonly numDevice: number;
  /** Null: the stored one stays. */
  readonly password: string | null;
}

/** Who makes a register's receipts: nobody (a virtual register), or a KkmServer-compatible register elsewhere. */
export function RegisterFiscal({ register }: { readonly register: Register }) {
  const { t } = useTranslation('equipment');
  const { values, change, save, faultAt, card } = useSettings({
    saved: draftOf(register),
    save: (body: SentBody<'SetFiscal'>) => api.put<'Fiscal'>(inPath`/v1/registers/${register.id}/fiscal`, body, { siteId: register.siteId }),
    touches: [registersKey, settingChangesKey],
  });
  const passwordSet = register.fiscal.mode === 'forward' && register.fiscal.passwordSet;
  return (
    <SettingsCard title={t('fiscal.title')} text={t('fiscal.text')} onSave={() => save(bodyOf(values))} {...card}>
      <Select
        label={t('fiscal.mode')}
        allowDeselect={false}
        data={(['none', 'forward'] as const).map((value) => ({ value, label: t(`fiscal.modes.${value}`) }))}
        value={values.mode}
        onChange={(mode) => mode !== null && change({ mode })}
      />
      {values.mode === 'forward' && <ForwardFields values={values} change={change} faultAt={faultAt} passwordSet={passwordSet} />}
    </SettingsCard>
  );
}

interface ForwardFieldsProps {
  readonly values: FiscalDraft;
  readonly change: (members: Partial<FiscalDraft>) => void;
  readonly faultAt: (pointer: string) => string | undefined;
  readonly passwordSet: boolean;
}

function ForwardFields({ values, change, faultAt, passwordSet }: ForwardFieldsProps) {
  const { t } = useTranslation('equipment');
  return (
    <>
      <TextInput
        label={t('fiscal.url')}
        description={t('fiscal.urlText')}
        required
        inputMode="url"
        value={values.url}
        onChange={(event) => change({ url: event.currentTarget.value })}
        error={faultAt('/url')}
      />
      <TextInput
        label={t('fiscal.login')}
        autoComplete="off"
        value={values.login}
        onChange={(event) => change({ login: event.currentTarget.value })}
        error={faultAt('/login')}
      />
      <PasswordInput
        label={t('fiscal.password')}
        description={t(passwordSet ? 'fiscal.passwordSet' : 'fiscal.passwordUnset')}
        autoComplete="new-password"
        value={values.password ?? ''}
        onChange={(event) => change({ password: event.currentTarget.value === '' ? null : event.currentTarget.value })}
        error={faultAt('/password')}
      />
      <NumberInput
        label={t('fiscal.numDevice')}
        description={t('fiscal.numDeviceText')}
        min={0}
        allowDecimal={false}
        value={values.numDevice}
        onChange={(numDevice) => change({ numDevice: Number(numDevice) })}
        error={faultAt('/numDevice')}
      />
    </>
  );
}

function draftOf({ fiscal }: Register): FiscalDraft {
  if (fiscal.mode === 'none') return { mode: 'none', url: '', login: 'User', numDevice: 0, password: null };
  return { mode: 'forward', url: fiscal.url, login: fiscal.login, numDevice: fiscal.numDevice, password: null };
}

function bodyOf({ mode, url, login, numDevice, password }: FiscalDraft): SentBody<'SetFiscal'> {
  if (mode === 'none') return { mode };
  return { mode, url, login, numDevice, ...(password === null ? {} : { password }) };
}
