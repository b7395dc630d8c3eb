import { Alert, Anchor, Select } from '@mantine/core';
import type { AutomaticAcquiring } from '@kkm/contracts';
import { methods } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, inPath } from '../../api/api';
import { registersKey, settingChangesKey, useTerminals } from '../../equipment/equipment';
import type { Register } from '../../equipment/equipment';
import { SettingsCard } from '../../parts/settings-card';
import { useSettings } from '../../parts/use-settings';

const options = ['none', ...methods] as const;

/** *Automatic acquiring (from checks)*: how the electronic part of a check is charged, and on which terminal. In force for new payments once saved. */
export function RegisterAcquiring({ register }: { readonly register: Register }) {
  const { t } = useTranslation('equipment');
  const terminals = useTerminals(register.siteId);
  const { values, change, save, faultAt, card } = useSettings({
    saved: register.automaticAcquiring,
    save: (setting: AutomaticAcquiring) =>
      api.put<'AutomaticAcquiring'>(inPath`/v1/registers/${register.id}/automatic-acquiring`, setting, { siteId: register.siteId }),
    touches: [registersKey, settingChangesKey],
  });
  const needsTerminal = values.option !== 'none' && values.terminalId === null;
  const choices = (terminals.data ?? []).map(({ id, name, enabled }) => ({ value: id, label: enabled ? name : t('acquiring.disabled', { name }) }));
  return (
    <SettingsCard title={t('acquiring.title')} text={t('acquiring.text')} onSave={() => !needsTerminal && save(values)} {...card}>
      <Select
        label={t('acquiring.option')}
        allowDeselect={false}
        data={options.map((value) => ({ value, label: t(`acquiring.options.${value}`) }))}
        value={values.option}
        onChange={(option) => option !== null && change({ option })}
      />
      <Select
        label={t('acquiring.terminal')}
        description={t('acquiring.terminalText')}
        clearable={values.option === 'none'}
        allowDeselect={false}
        placeholder={t('acquiring.choose')}
        nothingFoundMessage={t('acquiring.noTerminals')}
        data={choices}
        value={values.terminalId}
        onChange={(terminalId) => change({ terminalId })}
        error={(needsTerminal ? t('acquiring.terminalNeeded') : null) ?? faultAt('/terminalId')}
      />
      {terminals.isSuccess && terminals.data.length === 0 && (
        <Alert color="blue">
          <Anchor component={Link} to="/equipment/add-terminal">
            {t('acquiring.addFirst')}
          </Anchor>
        </Alert>
      )}
    </SettingsCard>
  );
}
