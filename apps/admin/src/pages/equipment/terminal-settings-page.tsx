import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { inPath } from '../../api/api';
import { settingChangesKey, terminalsKey, useTerminal } from '../../equipment/equipment';
import type { Terminal } from '../../equipment/equipment';
import { SettingHistory } from '../../equipment/setting-history';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { DeleteEntry } from './delete-entry';
import { TerminalForm } from './terminal-form';

/** A terminal's settings and their history. */
export function TerminalSettingsPage() {
  const { siteId = '', id = '' } = useParams();
  const terminal = useTerminal(siteId, id);
  return <Loaded query={terminal}>{(data) => <TerminalSettings key={`${siteId}/${id}`} terminal={data} />}</Loaded>;
}

function TerminalSettings({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useTranslation('equipment');
  return (
    <>
      <PageHeader
        title={terminal.name}
        text={t('terminals.about', { id: terminal.id, number: terminal.numDevice, driver: terminal.driver })}
        actions={
          <>
            <Button component={Link} to={`/terminals/${terminal.siteId}/${terminal.id}`} variant="default">
              {t('terminals.health')}
            </Button>
            <DeleteEntry
              path={inPath`/v1/terminals/${terminal.id}`}
              query={{ siteId: terminal.siteId }}
              name={terminal.name}
              touches={[terminalsKey, settingChangesKey]}
              back="/equipment/terminals"
            />
          </>
        }
      />
      <Stack maw={760}>
        <TerminalForm terminal={terminal} />
        <SettingHistory kind="terminal" siteId={terminal.siteId} id={terminal.id} />
      </Stack>
    </>
  );
}
