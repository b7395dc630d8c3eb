import { Accordion, JsonInput, NumberInput, Select, Stack, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { BankFields } from '../../equipment/bank-fields';
import { EntryNameInput, EntryNumberInput } from '../../equipment/entry-fields';
import { useProfiles } from '../../equipment/equipment';
import { valuesOfText } from '../../equipment/terminal-draft';
import type { TerminalDraft } from '../../equipment/terminal-draft';
import { TransportFields } from '../../equipment/transport-fields';
import { faultsOf } from '../../parts/faults';
import type { Draft } from '../../parts/use-draft';

/** Fields of a terminal's settings. */
export interface TerminalFieldsProps {
  readonly siteId: string;
  readonly draft: Draft<TerminalDraft>;
  readonly problem: unknown;
}

/** Name, way of connecting, bank, and what is seldom needed. */
export function TerminalFields({ siteId, draft: { values, change }, problem }: TerminalFieldsProps) {
  const { t } = useTranslation('equipment');
  const faultAt = faultsOf(problem);
  return (
    <>
      <EntryNameInput value={values.name} onChange={(name) => change({ name })} error={faultAt('/name')} />
      <TransportFields value={values.transport} onChange={(transport) => change({ transport })} faultAt={(pointer) => faultAt(`/transport${pointer}`)} />
      <ProfileSelect siteId={siteId} value={values.profileId} onChange={(profileId) => change({ profileId })} />
      <BankFields
        value={values.bank}
        onChange={(members) => change({ bank: { ...values.bank, ...members } })}
        faultAt={(pointer) => faultAt(`/bank${pointer}`)}
      />
      <Switch
        label={t('terminals.enabled')}
        description={t('terminals.enabledText')}
        checked={values.enabled}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
      />
      <Accordion variant="contained">
        <Accordion.Item value="seldom">
          <Accordion.Control>{t('terminals.seldom')}</Accordion.Control>
          <Accordion.Panel>
            <SeldomFields values={values} change={change} faultAt={faultAt} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </>
  );
}

interface SeldomFieldsProps extends Pick<Draft<TerminalDraft>, 'values' | 'change'> {
  readonly faultAt: (pointer: string) => string | undefined;
}

function SeldomFields({ values, change, faultAt }: SeldomFieldsProps) {
  const { t } = useTranslation('equipment');
  return (
    <Stack>
      <EntryNumberInput value={values.numDevice} onChange={(numDevice) => change({ numDevice })} error={faultAt('/numDevice')} />
      <NumberInput
        label={t('terminals.readAttemptsMax')}
        description={t('terminals.readAttemptsMaxText')}
        min={1}
        allowDecimal={false}
        value={values.readAttemptsMax}
        onChange={(readAttemptsMax) => change({ readAttemptsMax: Number(readAttemptsMax) })}
        error={faultAt('/readAttemptsMax')}
      />
      <JsonInput
        label={t('terminals.overrides')}
        description={t('terminals.overridesText')}
        autosize
        minRows={3}
        maxRows={16}
        value={values.profile}
        onChange={(profile) => change({ profile })}
        error={valuesOfText(values.profile) === null ? t('profiles.notJson') : faultAt('/profile')}
      />
    </Stack>
  );
}

/** Which profile a terminal goes by. */
export interface ProfileSelectProps {
  readonly siteId: string;
  readonly value: string | null;
  readonly onChange: (profileId: string | null) => void;
}

/** The profiles a site may use; none means the published defaults of the protocol. */
export function ProfileSelect({ siteId, value, onChange }: ProfileSelectProps) {
  const { t } = useTranslation('equipment');
  const profiles = useProfiles(siteId);
  return (
    <Select
      label={t('terminals.profile')}
      description={t('terminals.profileText')}
      clearable
      placeholder={t('terminals.profileNone')}
      data={(profiles.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
    />
  );
}
