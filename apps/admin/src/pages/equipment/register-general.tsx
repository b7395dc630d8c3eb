import { Select, Switch, TextInput } from '@mantine/core';
import type { SentBody } from '@kkm/contracts';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { EntryNameInput, EntryNumberInput } from '../../equipment/entry-fields';
import { registersKey, settingChangesKey } from '../../equipment/equipment';
import type { Register } from '../../equipment/equipment';
import { SettingsCard } from '../../parts/settings-card';
import { useSettings } from '../../parts/use-settings';

/** What of a register this form holds. */
type General = Pick<Register, 'name' | 'unitName' | 'numDevice' | 'enabled' | 'onReceiptFailure' | 'settleOnCloseShift'>;

/** What a register is called, its number at the KkmServer door, and what it does with its checks. */
export function RegisterGeneral({ register }: { readonly register: Register }) {
  const { t } = useTranslation('equipment');
  const { values, changes, change, save, faultAt, card } = useSettings({
    saved: generalOf(register),
    save: (body: SentBody<'ChangeRegister'>) => api.patch<'Register'>(inPath`/v1/registers/${register.id}`, body, { siteId: register.siteId }),
    touches: [registersKey, settingChangesKey],
  });
  return (
    <SettingsCard title={t('registers.general')} onSave={() => save(changes)} {...card}>
      <EntryNameInput value={values.name} onChange={(name) => change({ name })} error={faultAt('/name')} />
      <TextInput
        label={t('registers.unitName')}
        description={t('registers.unitNameText')}
        value={values.unitName ?? ''}
        onChange={(event) => change({ unitName: event.currentTarget.value === '' ? null : event.currentTarget.value })}
        error={faultAt('/unitName')}
      />
      <EntryNumberInput value={values.numDevice} onChange={(numDevice) => change({ numDevice })} error={faultAt('/numDevice')} />
      <Select
        label={t('registers.onReceiptFailure')}
        allowDeselect={false}
        data={(['keep', 'void'] as const).map((value) => ({ value, label: t(`registers.onReceiptFailures.${value}`) }))}
        value={values.onReceiptFailure}
        onChange={(onReceiptFailure) => onReceiptFailure !== null && change({ onReceiptFailure })}
      />
      <Switch
        label={t('registers.settleOnCloseShift')}
        checked={values.settleOnCloseShift}
        onChange={(event) => change({ settleOnCloseShift: event.currentTarget.checked })}
      />
      <Switch label={t('registers.enabled')} checked={values.enabled} onChange={(event) => change({ enabled: event.currentTarget.checked })} />
    </SettingsCard>
  );
}

function generalOf({ name, unitName, numDevice, enabled, onReceiptFailure, settleOnCloseShift }: Register): General {
  return { name, unitName, numDevice, enabled, onReceiptFailure, settleOnCloseShift };
}
