import { JsonInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SentBody } from '@kkm/contracts';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, inPath } from '../../api/api';
import { profilesKey, settingChangesKey } from '../../equipment/equipment';
import type { Profile } from '../../equipment/equipment';
import { SettingHistory } from '../../equipment/setting-history';
import { textOfValues, valuesOfText } from '../../equipment/terminal-draft';
import { faultsOf } from '../../parts/faults';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { SettingsCard } from '../../parts/settings-card';
import { useDraft } from '../../parts/use-draft';
import { useSaving } from '../../parts/use-saving';
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
  const draft = useDraft({ name: profile.name, values: textOfValues(profile.values) });
  const saving = useSaving({
    save: (body: SentBody<'ChangeTerminalProfile'>) =>
      api.patch<'TerminalProfile'>(inPath`/v1/terminal-profiles/${profile.id}`, body, { siteId: profile.siteId ?? undefined }),
    touches: [profilesKey, settingChangesKey],
    onSaved: draft.discard,
  });
  const values = valuesOfText(draft.values.values);
  const faultAt = faultsOf(saving.error);
  return (
    <SettingsCard
      title={t('profiles.settings')}
      text={t('profiles.settingsText')}
      isChanged={draft.isChanged}
      saving={saving.isPending}
      problem={saving.error}
      onSave={() => values !== null && saving.mutate({ name: draft.values.name, values })}
      onDiscard={draft.discard}
    >
      <TextInput
        label={t('name')}
        required
        value={draft.values.name}
        onChange={(event) => draft.change({ name: event.currentTarget.value })}
        error={faultAt('/name')}
      />
      <JsonInput
        label={t('profiles.values')}
        description={t('profiles.valuesText')}
        autosize
        minRows={6}
        maxRows={24}
        value={draft.values.values}
        onChange={(text) => draft.change({ values: text })}
        error={values === null ? t('profiles.notJson') : faultAt('/values')}
      />
    </SettingsCard>
  );
}
