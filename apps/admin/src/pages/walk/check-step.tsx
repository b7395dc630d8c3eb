import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api';
import { bankFaults, bankOfDraft } from '../../equipment/bank-draft';
import { BankFields } from '../../equipment/bank-fields';
import { settingChangesKey, terminalsKey } from '../../equipment/equipment';
import { testNewLink } from '../../equipment/link-test';
import { LinkTestResult } from '../../equipment/link-test-result';
import { StepInstructions } from '../../instructions/instructions';
import { Confirm } from '../../parts/confirm';
import { faultsOf } from '../../parts/faults';
import { ProblemAlert } from '../../parts/problem-alert';
import { useSaving } from '../../parts/use-saving';
import type { StepProps } from './step-props';
import { StepFrame } from './step-frame';
import { withFoundTerminalId } from './walk';

/** The protocol of the terminals that KKM drives today. */
const driver = 'inpas-sa';

/** Whether the terminal answers and its bank knows it; then it is entered. */
export function CheckStep({ walk, change, back, next }: StepProps) {
  const { t } = useTranslation(['walk', 'equipment']);
  const [asking, setAsking] = useState(false);
  const { siteId, id, name, profileId, transport } = walk;
  const trying = useMutation({
    mutationFn: () => testNewLink({ siteId, driver, transport, profileId }),
    onSuccess: (test) => change({ linkTest: test, bank: withFoundTerminalId(walk.bank, test) }),
  });
  const saving = useSaving({
    save: () => api.post<'Terminal'>('/v1/terminals', { body: { id, siteId, name, driver, transport, profileId, bank: bankOfDraft(walk.bank) } }),
    touches: [terminalsKey, settingChangesKey],
    onSaved: () => {
      change({ isCreated: true });
      next();
    },
    said: t('check.created', { name }),
  });
  const faultAt = faultsOf(saving.error);
  const isReached = walk.linkTest?.state === 'done';
  return (
    <StepFrame
      title={t('check.title')}
      onBack={back}
      onNext={() => (isReached ? saving.mutate(undefined) : setAsking(true))}
      nextLabel={t('check.create')}
      nextDisabled={bankFaults(walk.bank).length > 0 || trying.isPending}
      nextLoading={saving.isPending && !asking}
    >
      <Text size="sm">{t('check.text')}</Text>
      <Group>
        <Button variant={isReached ? 'default' : 'filled'} loading={trying.isPending} onClick={() => trying.mutate()}>
          {t(walk.linkTest === null ? 'check.run' : 'check.again')}
        </Button>
      </Group>
      {trying.isPending && (
        <Alert color="blue" role="status">
          {t('equipment:linkTest.running')}
        </Alert>
      )}
      {!trying.isPending && walk.linkTest !== null && <LinkTestResult test={walk.linkTest} bankTerminalId={bankOfDraft(walk.bank).terminalId} />}
      {trying.error !== null && <ProblemAlert problem={trying.error} />}
      <StepInstructions model={walk.model} step="registration" />
      <BankFields value={walk.bank} onChange={(members) => change({ bank: { ...walk.bank, ...members } })} faultAt={(pointer) => faultAt(`/bank${pointer}`)} />
      {saving.error !== null && !asking && <ProblemAlert problem={saving.error} />}
      <Confirm
        opened={asking}
        danger
        title={t('check.askTitle')}
        text={t('equipment:linkTest.askText')}
        confirm={t('check.createAnyway')}
        loading={saving.isPending}
        onConfirm={() => saving.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        {saving.error !== null && <ProblemAlert problem={saving.error} />}
      </Confirm>
    </StepFrame>
  );
}
