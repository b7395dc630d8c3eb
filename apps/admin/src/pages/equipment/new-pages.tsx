import type { SentBody } from '@kkm/contracts';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api';
import { profilesKey, registersKey, settingChangesKey, useProfiles, useRegisters } from '../../equipment/equipment';
import { sitesKey, useSite } from '../../sites/sites';
import { NewEntryPage } from './new-entry';

/** The driver of new profiles; further ones come with further terminals. */
const driver = 'inpas-sa';

/** Makes a site. */
export function NewSitePage() {
  const { t } = useTranslation('equipment');
  const { sites } = useSite();
  return (
    <NewEntryPage
      title={t('add.sites')}
      text={t('sites.newText')}
      stem="site"
      taken={sites.map(({ id }) => id)}
      ofSite="none"
      create={({ id, name }) => api.post<'Site'>('/v1/sites', { body: { id, name } satisfies SentBody<'CreateSite'> })}
      touches={[sitesKey, settingChangesKey]}
      hrefOf={({ id }) => `/equipment/sites/${id}`}
      back="/equipment/sites"
    />
  );
}

/** Makes a register. */
export function NewRegisterPage() {
  const { t } = useTranslation('equipment');
  const registers = useRegisters();
  return (
    <NewEntryPage
      title={t('add.registers')}
      text={t('registers.newText')}
      stem="register"
      taken={(registers.data ?? []).map(({ id }) => id)}
      ofSite="one"
      create={({ id, name, siteId }) =>
        api.post<'Register'>('/v1/registers', { body: { id, name, siteId: siteId ?? '' } satisfies SentBody<'CreateRegister'> })
      }
      touches={[registersKey, settingChangesKey]}
      hrefOf={({ id, siteId }) => `/equipment/registers/${siteId ?? ''}/${id}`}
      back="/equipment/registers"
    />
  );
}

/** Makes a profile with the defaults of its driver. */
export function NewProfilePage() {
  const { t } = useTranslation('equipment');
  const profiles = useProfiles();
  return (
    <NewEntryPage
      title={t('add.profiles')}
      text={t('profiles.newText')}
      stem="profile"
      taken={(profiles.data ?? []).map(({ id }) => id)}
      ofSite="any"
      create={({ id, name, siteId }) =>
        api.post<'TerminalProfile'>('/v1/terminal-profiles', { body: { id, name, siteId, driver, values: {} } satisfies SentBody<'CreateTerminalProfile'> })
      }
      touches={[profilesKey, settingChangesKey]}
      hrefOf={({ id, siteId }) => `/equipment/profiles/${siteId ?? '*'}/${id}`}
      back="/equipment/profiles"
    />
  );
}
