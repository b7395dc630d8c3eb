import { Button, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { PageHeader } from '../../parts/page-header';
import { ProfileList } from './profile-list';
import { RegisterList } from './register-list';
import { SiteList } from './site-list';
import { TerminalList } from './terminal-list';

const tabs = [
  { name: 'registers', List: RegisterList, add: '/equipment/registers/new' },
  { name: 'terminals', List: TerminalList, add: '/equipment/add-terminal' },
  { name: 'profiles', List: ProfileList, add: '/equipment/profiles/new' },
  { name: 'sites', List: SiteList, add: '/equipment/sites/new' },
] as const;

/** Registers, terminals, profiles and sites, each with the way to add one. */
export function EquipmentPage() {
  const { t } = useTranslation('equipment');
  const navigate = useNavigate();
  const { tab } = useParams();
  const shown = tabs.find(({ name }) => name === tab) ?? tabs[0];
  return (
    <>
      <PageHeader
        title={t('title')}
        text={t('text')}
        actions={
          <Button component={Link} to={shown.add} leftSection={<IconPlus size={16} aria-hidden />}>
            {t(`add.${shown.name}`)}
          </Button>
        }
      />
      <Tabs value={shown.name} onChange={(name) => void navigate(`/equipment/${name ?? ''}`)} keepMounted={false}>
        <Tabs.List mb="md">
          {tabs.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, List }) => (
          <Tabs.Panel key={name} value={name}>
            <List />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
