import { Alert } from '@mantine/core';
import type { SentBody } from '@kkm/contracts';
import { isOtherBankTerminal } from '@kkm/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { bankFaults, bankOfDraft } from '../../equipment/bank-draft';
import { settingChangesKey, terminalsKey } from '../../equipment/equipment';
import type { Terminal } from '../../equipment/equipment';
import { testLink } from '../../equipment/link-test';
import type { LinkTest } from '../../equipment/link-test';
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
  const bankTerminalId = bankOfDraft(draft.values.bank).terminalId;
  const trying = useMutation({
    mutationFn: (changes: SentBody<'ChangeTerminal'>) => testLink(terminal.siteId, terminal.id, linkDraftOf(changes)),
    onSuccess: (test, changes) => (isAsExpected(test, bankTerminalId) ? saving.mutate(changes) : setAsking(true)),
    onError: () => setAsking(true),
  });
  const save = (): void => {
    if (body === null || bankFaults(draft.values.bank).length > 0) return;
    const isTried = linkDraftOf(body) !== null || (body.bank !== undefined && body.bank.terminalId !== terminal.bank.terminalId);
    if (!isTried || !draft.values.enabled) saving.mutate(body);
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
      <AskAfterTest
        opened={asking}
        bankTerminalId={bankTerminalId}
        test={trying.data}
        problems={[trying.error, saving.error]}
        saving={saving.isPending}
        onSave={() => body !== null && saving.mutate(body)}
        onClose={() => setAsking(false)}
      />
    </SettingsCard>
  );
}

interface AskAfterTestProps {
  readonly opened: boolean;
  readonly bankTerminalId: string | null;
  /** Undefined: the test itself came to nothing. */
  readonly test: LinkTest | undefined;
  readonly problems: readonly (Error | null)[];
  readonly saving: boolean;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

/** Asks whether to save what the link test speaks against. */
function AskAfterTest({ opened, bankTerminalId, test, problems, saving, onSave, onClose }: AskAfterTestProps) {
  const { t } = useTranslation('equipment');
  const isReached = test?.state === 'done';
  return (
    <Confirm
      opened={opened}
      danger
      title={t(isReached ? 'linkTest.askOtherTitle' : 'linkTest.askTitle')}
      text={t(isReached ? 'linkTest.askOtherText' : 'linkTest.askText')}
      confirm={t('linkTest.saveAnyway')}
      cancel={t('linkTest.back')}
      loading={saving}
      onConfirm={onSave}
      onClose={onClose}
    >
      {test !== undefined && <LinkTestResult test={test} bankTerminalId={bankTerminalId} />}
      {problems.map((problem, index) => problem !== null && <ProblemAlert key={index} problem={problem} />)}
    </Confirm>
  );
}

/** Whether the terminal answers, and as the one that its bank's number is set to. */
function isAsExpected({ state, link }: LinkTest, bankTerminalId: string | null): boolean {
  return state === 'done' && !isOtherBankTerminal(bankTerminalId, link?.bankTerminalId ?? null);
}
