import { Alert } from '@mantine/core';
import type { SentBody } from '@kkm/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { bankFaults } from '../../equipment/bank-draft';
import { settingChangesKey, terminalsKey } from '../../equipment/equipment';
import type { Terminal } from '../../equipment/equipment';
import { testLink } from '../../equipment/link-test';
import { LinkTestResult } from '../../equipment/link-test-result';
import { changesOfDraft, draftOfTerminal, linkDraftOf } from '../../equipment/terminal-draft';
import type { TerminalDraft } from '../../equipment/terminal-draft';
import { Confirm } from '../../parts/confirm';
import { ProblemAlert } from '../../parts/problem-alert';
import { SettingsCard } from '../../parts/settings-card';
import { useDraft } from '../../parts/use-draft';
import { useSaving } from '../../parts/use-saving';
import { TerminalFields } from './terminal-fields';

/** A terminal's settings. What its link depends on is tried before it is saved; where the try fails, the person decides. */
export function TerminalForm({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useTranslation('equipment');
  const draft = useDraft<TerminalDraft>(draftOfTerminal(terminal));
  const [asking, setAsking] = useState(false);
  const saving = useSaving({
    save: (body: SentBody<'ChangeTerminal'>) => api.patch<'Terminal'>(inPath`/v1/terminals/${terminal.id}`, body, { siteId: terminal.siteId }),
    touches: [terminalsKey, settingChangesKey],
    onSaved: () => {
      draft.discard();
      setAsking(false);
    },
  });
  const body = changesOfDraft(draft.changes);
  const trying = useMutation({
    mutationFn: (changes: SentBody<'ChangeTerminal'>) => testLink(terminal.siteId, terminal.id, linkDraftOf(changes)),
    onSuccess: (test, changes) => (test.state === 'done' ? saving.mutate(changes) : setAsking(true)),
    onError: () => setAsking(true),
  });
  const save = (): void => {
    if (body === null || bankFaults(draft.values.bank).length > 0) return;
    if (linkDraftOf(body) === null || !draft.values.enabled) saving.mutate(body);
    else trying.mutate(body);
  };
  return (
    <SettingsCard
      title={t('terminals.settings')}
      text={t('terminals.settingsText')}
      isChanged={draft.isChanged}
      saving={saving.isPending || trying.isPending}
      problem={saving.error}
      onSave={save}
      onDiscard={() => {
        draft.discard();
        trying.reset();
      }}
    >
      <TerminalFields siteId={terminal.siteId} draft={draft} problem={saving.error} />
      {trying.isPending && (
        <Alert color="blue" role="status">
          {t('linkTest.running')}
        </Alert>
      )}
      <Confirm
        opened={asking}
        danger
        title={t('linkTest.askTitle')}
        text={t('linkTest.askText')}
        confirm={t('linkTest.saveAnyway')}
        cancel={t('linkTest.back')}
        loading={saving.isPending}
        onConfirm={() => body !== null && saving.mutate(body)}
        onClose={() => setAsking(false)}
      >
        {trying.data !== undefined && <LinkTestResult test={trying.data} />}
        {trying.error !== null && <ProblemAlert problem={trying.error} />}
        {saving.error !== null && <ProblemAlert problem={saving.error} />}
      </Confirm>
    </SettingsCard>
  );
}
