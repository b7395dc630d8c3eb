import type { SentBody } from '@kkm/contracts';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { bankFaults } from '../../equipment/bank-draft';
import { settingChangesKey, terminalsKey } from '../../equipment/equipment';
import type { Terminal } from '../../equipment/equipment';
import { changesOfDraft, draftOfTerminal } from '../../equipment/terminal-draft';
import type { TerminalDraft } from '../../equipment/terminal-draft';
import { SettingsCard } from '../../parts/settings-card';
import { useDraft } from '../../parts/use-draft';
import { useSaving } from '../../parts/use-saving';
import { TerminalFields } from './terminal-fields';

/** A terminal's settings. They hold for new payments once they are saved. */
export function TerminalForm({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useTranslation('equipment');
  const draft = useDraft<TerminalDraft>(draftOfTerminal(terminal));
  const saving = useSaving({
    save: (body: SentBody<'ChangeTerminal'>) => api.patch<'Terminal'>(inPath`/v1/terminals/${terminal.id}`, body, { siteId: terminal.siteId }),
    touches: [terminalsKey, settingChangesKey],
    onSaved: draft.discard,
  });
  const body = changesOfDraft(draft.changes);
  const save = (): void => {
    if (body === null || bankFaults(draft.values.bank).length > 0) return;
    saving.mutate(body);
  };
  return (
    <SettingsCard
      title={t('terminals.settings')}
      text={t('terminals.settingsText')}
      isChanged={draft.isChanged}
      saving={saving.isPending}
      problem={saving.error}
      onSave={save}
      onDiscard={draft.discard}
    >
      <TerminalFields siteId={terminal.siteId} draft={draft} problem={saving.error} />
    </SettingsCard>
  );
}
