import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import type { SentBody } from '@kkm/contracts';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { registersKey, settingChangesKey } from '../../equipment/equipment';
import type { Register } from '../../equipment/equipment';
import { faultsOf } from '../../parts/faults';
import { SettingsCard } from '../../parts/settings-card';
import { useDraft } from '../../parts/use-draft';
import { useSaving } from '../../parts/use-saving';

/** What of a register this form holds. */
type General = Pick<Register, 'name' | 'unitName' | 'numDevice' | 'enabled' | 'onReceiptFailure' | 'settleOnCloseShift'>;

/** What a register is called, its number at the KkmServer door, and what it does with its checks. */
export function RegisterGeneral({ register }: { readonly register: Register }) {
  const { t } = useTranslation('equipment');
  const { values, isChanged, changes, change, discard } = useDraft<General>(generalOf(register));
  const saving = useSaving({
    save: (body: SentBody<'ChangeRegister'>) => api.patch<'Register'>(inPath`/v1/registers/${register.id}`, body, { siteId: register.siteId }),
    touches: [registersKey, settingChangesKey],
    onSaved: discard,
  });
  const faultAt = faultsOf(saving.error);
  return (
    <SettingsCard
      title={t('registers.general')}
      isChanged={isChanged}
      saving={saving.isPending}
      problem={saving.error}
      onSave={() => saving.mutate(changes)}
      onDiscard={discard}
    >
      <TextInput label={t('name')} required value={values.name} onChange={(event) => change({ name: event.currentTarget.value })} error={faultAt('/name')} />
      <TextInput
        label={t('registers.unitName')}
        description={t('registers.unitNameText')}
        value={values.unitName ?? ''}
        onChange={(event) => change({ unitName: event.currentTarget.value === '' ? null : event.currentTarget.value })}
        error={faultAt('/unitName')}
      />
      <NumberInput
        label={t('numDevice')}
        description={t('numDeviceText')}
        min={1}
        allowDecimal={false}
        value={values.numDevice}
        onChange={(numDevice) => change({ numDevice: Number(numDevice) })}
        error={faultAt('/numDevice')}
      />
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
