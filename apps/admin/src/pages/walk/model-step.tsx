import { Radio, Select, Stack, TextInput } from '@mantine/core';
import { equipmentIdPattern } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { useTerminals } from '../../equipment/equipment';
import { freeId } from '../../equipment/free-id';
import { models } from '../../instructions/instruction-pages';
import type { Model } from '../../instructions/instruction-pages';
import { StepInstructions } from '../../instructions/instructions';
import { useSession } from '../../session/session';
import { useSite } from '../../sites/sites';
import { ProfileSelect } from '../equipment/terminal-fields';
import type { StepProps } from './step-props';
import { StepFrame } from './step-frame';

/** Which terminal it is, of which bank, and what it is to be called. */
export function ModelStep({ walk, change, next }: StepProps) {
  const { t } = useTranslation(['walk', 'equipment']);
  const { session } = useSession();
  const { sites } = useSite();
  const terminals = useTerminals();
  const id =
    walk.id === ''
      ? freeId(
          'terminal',
          (terminals.data ?? []).map((terminal) => terminal.id),
        )
      : walk.id;
  const isId = equipmentIdPattern.test(id);
  return (
    <StepFrame
      title={t('model.title')}
      nextDisabled={walk.name.trim() === '' || walk.siteId === '' || !isId}
      onNext={() => {
        change({ id, siteId: walk.siteId });
        next();
      }}
    >
      {session.siteId === null && sites.length > 1 && (
        <Select
          label={t('equipment:site')}
          required
          allowDeselect={false}
          data={sites.map((site) => ({ value: site.id, label: site.name }))}
          value={walk.siteId === '' ? null : walk.siteId}
          onChange={(siteId) => siteId !== null && change({ siteId })}
        />
      )}
      <Radio.Group label={t('model.label')} value={walk.model} onChange={(model) => change({ model: model as Model })}>
        <Stack gap="xs" mt="xs">
          {models.map((model) => (
            <Radio key={model} value={model} label={t(`model.names.${model}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label={t('equipment:name')}
        description={t('model.nameText')}
        required
        value={walk.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t('equipment:id')}
        description={t('equipment:idText')}
        required
        autoComplete="off"
        value={id}
        onChange={(event) => change({ id: event.currentTarget.value.trim() })}
        error={isId ? null : t('equipment:idWrong')}
      />
      {walk.siteId !== '' && <ProfileSelect siteId={walk.siteId} value={walk.profileId} onChange={(profileId) => change({ profileId })} />}
      <StepInstructions model={walk.model} step="bank" />
    </StepFrame>
  );
}
