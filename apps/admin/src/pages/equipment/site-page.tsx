import { Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SentBody } from '@kkm/contracts';
import { lateApprovals } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, inPath } from '../../api/api';
import { EntryNameInput } from '../../equipment/entry-fields';
import { settingChangesKey } from '../../equipment/equipment';
import { SettingHistory } from '../../equipment/setting-history';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { SettingsCard } from '../../parts/settings-card';
import { useSettings } from '../../parts/use-settings';
import { useSession } from '../../session/session';
import { sitesKey } from '../../sites/sites';
import type { Site } from '../../sites/sites';
import { DeleteEntry } from './delete-entry';
import { SbpAccount } from './sbp-account';

/** A site: its name, what becomes of late money, and its bank for SBP. */
export function SitePage() {
  const { id = '' } = useParams();
  const site = useQuery({ queryKey: [...sitesKey, id], queryFn: ({ signal }) => api.get<'Site'>(inPath`/v1/sites/${id}`, {}, signal) });
  return <Loaded query={site}>{(data) => <SiteSettings key={id} site={data} />}</Loaded>;
}

function SiteSettings({ site }: { readonly site: Site }) {
  const { t } = useTranslation('equipment');
  const { may } = useSession();
  return (
    <>
      <PageHeader
        title={site.name}
        text={t('sites.about', { id: site.id })}
        actions={<DeleteEntry path={inPath`/v1/sites/${site.id}`} name={site.name} touches={[sitesKey, settingChangesKey]} back="/equipment/sites" />}
      />
      <Stack maw={760}>
        <SiteForm site={site} />
        {may('admin') && <SbpAccount siteId={site.id} />}
        <SettingHistory kind="site" siteId={site.id} id={site.id} />
      </Stack>
    </>
  );
}

function SiteForm({ site }: { readonly site: Site }) {
  const { t } = useTranslation('equipment');
  const { values, changes, change, save, faultAt, card } = useSettings({
    saved: { name: site.name, lateApproval: site.lateApproval },
    save: (body: SentBody<'ChangeSite'>) => api.patch<'Site'>(inPath`/v1/sites/${site.id}`, body),
    touches: [sitesKey, settingChangesKey],
  });
  return (
    <SettingsCard title={t('sites.settings')} onSave={() => save(changes)} {...card}>
      <EntryNameInput value={values.name} onChange={(name) => change({ name })} error={faultAt('/name')} />
      <Select
        label={t('sites.lateApproval')}
        description={t('sites.lateApprovalText')}
        allowDeselect={false}
        data={lateApprovals.map((value) => ({ value, label: t(`sites.lateApprovals.${value}`) }))}
        value={values.lateApproval}
        onChange={(lateApproval) => lateApproval !== null && change({ lateApproval })}
      />
    </SettingsCard>
  );
}
