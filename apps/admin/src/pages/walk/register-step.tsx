import { Alert, Select } from '@mantine/core';
import type { AutomaticAcquiring } from '@kkm/contracts';
import { methods } from '@kkm/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { registersKey, settingChangesKey, useRegisters } from '../../equipment/equipment';
import { StepInstructions } from '../../instructions/instructions';
import { Loaded } from '../../parts/loaded';
import { ProblemAlert } from '../../parts/problem-alert';
import { useSaving } from '../../parts/use-saving';
import type { StepProps } from './step-props';
import { StepFrame } from './step-frame';

/** Which register's payments go to the terminal. May be left for later. */
export function RegisterStep({ walk, next }: StepProps) {
  const { t } = useTranslation(['walk', 'equipment']);
  const registers = useRegisters();
  const [registerId, setRegisterId] = useState<string | null>(null);
  const [option, setOption] = useState<AutomaticAcquiring['option']>('card_or_sbp_qr');
  const saving = useSaving({
    save: (id: string) =>
      api.put<'AutomaticAcquiring'>(inPath`/v1/registers/${id}/automatic-acquiring`, { option, terminalId: walk.id }, { siteId: walk.siteId }),
    touches: [registersKey, settingChangesKey],
    onSaved: next,
  });
  const choices = (registers.data ?? []).filter(({ siteId }) => siteId === walk.siteId);
  const chosen = choices.find(({ id }) => id === registerId);
  const takesFrom = chosen?.automaticAcquiring.terminalId ?? null;
  return (
    <StepFrame
      title={t('register.title')}
      onNext={() => (registerId === null ? next() : saving.mutate(registerId))}
      nextLabel={t(registerId === null ? 'register.later' : 'register.link')}
      nextLoading={saving.isPending}
    >
      <StepInstructions model={walk.model} step="register" />
      <Loaded query={registers}>
        {() => (
          <>
            {choices.length === 0 && <Alert color="blue">{t('register.none')}</Alert>}
            <Select
              label={t('register.label')}
              clearable
              disabled={choices.length === 0}
              placeholder={t('register.choose')}
              data={choices.map(({ id, name }) => ({ value: id, label: name }))}
              value={registerId}
              onChange={setRegisterId}
            />
            <Select
              label={t('equipment:acquiring.option')}
              allowDeselect={false}
              disabled={registerId === null}
              data={methods.map((value) => ({ value, label: t(`equipment:acquiring.options.${value}`) }))}
              value={option}
              onChange={(value) => setOption(methods.find((method) => method === value) ?? option)}
            />
            {takesFrom !== null && takesFrom !== walk.id && <Alert color="orange">{t('register.replaces', { name: takesFrom })}</Alert>}
          </>
        )}
      </Loaded>
      {saving.error !== null && <ProblemAlert problem={saving.error} />}
    </StepFrame>
  );
}
