import { JsonInput, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SentBody } from '@kkm/contracts';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, inPath } from '../../api/api';
import { EntryNameInput } from '../../equipment/entry-fields';
import { profilesKey, settingChangesKey } from '../../equipment/equipment';
import type { Profile } from '../../equipment/equipment';
import { SettingHistory } from '../../equipment/setting-history';
import { textOfValues, valuesOfText } from '../../equipment/terminal-draft';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { SettingsCard } from '../../parts/settings-card';
import { useSettings } from '../../parts/use-settings';
import { DeleteEntry } from './delete-entry';

/** What stands in an address for "every site". */
const everySite = '*';

/** A profile: what differs from bank to bank, and its history. */
export function ProfilePage() {
  const { siteId = everySite, id = '' } = useParams();
  const ofSite = siteId === everySite ? undefined : siteId;
  const profile = useQuery({
    queryKey: [...profilesKey, siteId, id],
    queryFn: ({ signal }) => api.get<'TerminalProfile'>(inPath`/v1/terminal-profiles/${id}`, { siteId: ofSite }, signal),
  });
  return <Loaded query={profile}>{(data) => <ProfileSettings key={`${siteId}/${id}`} profile={data} />}</Loaded>;
}

function ProfileSettings({ profile }: { readonly profile: Profile }) {
  const { t } = useTranslation('equipment');
  return (
    <>
      <PageHeader
        title={profile.name}
        text={t('profiles.about', { id: profile.id, driver: profile.driver })}
        actions={
          <DeleteEntry
            path={inPath`/v1/terminal-profiles/${profile.id}`}
            query={{ siteId: profile.siteId ?? undefined }}
            name={profile.name}
            touches={[profilesKey, settingChangesKey]}
            back="/equipment/profiles"
          />
        }
      />
      <Stack maw={760}>
        <ProfileForm profile={profile} />
        <SettingHistory kind="terminal_profile" siteId={profile.siteId} id={profile.id} />
      </Stack>
    </>
  );
}

function ProfileForm({ profile }: { readonly profile: Profile }) {
  const { t } = useTranslation('equipment');
  const { values, change, save, faultAt, card } = useSettings({
    saved: { name: profile.name, values: textOfValues(profile.values) },
    save: (body: SentBody<'ChangeTerminalProfile'>) =>
      api.patch<'TerminalProfile'>(inPath`/v1/terminal-profiles/${profile.id}`, body, { siteId: profile.siteId ?? undefined }),
    touches: [profilesKey, settingChangesKey],
  });
  const parsed = valuesOfText(values.values);
  return (
    <SettingsCard
      title={t('profiles.settings')}
      text={t('profiles.settingsText')}
      onSave={() => parsed !== null && save({ name: values.name, values: parsed })}
      {...card}
    >
      <EntryNameInput value={values.name} onChange={(name) => change({ name })} error={faultAt('/name')} />
      <JsonInput
        label={t('profiles.values')}
        description={t('profiles.valuesText')}
        autosize
        minRows={6}
        maxRows={24}
        value={values.values}
        onChange={(text) => change({ values: text })}
        error={parsed === null ? t('profiles.notJson') : faultAt('/values')}
      />
    </SettingsCard>
  );
}
