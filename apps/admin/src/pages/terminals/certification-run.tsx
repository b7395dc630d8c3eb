import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import { Confirm } from '../../parts/confirm';
import { ProblemAlert } from '../../parts/problem-alert';
import { Card } from '../../parts/settings-card';
import { useSaving } from '../../parts/use-saving';
import { useWords, whoAsked } from '../../parts/words';
import { useSession } from '../../session/session';
import { certificationsKey } from '../../terminals/certifications';
import type { Certification, ComparedCertification } from '../../terminals/certifications';
import { CertificationResult } from './certification-result';
import { CertificationResults } from './certification-results';

/** A certification: where it stands and what the person is to do now, or what came of it. */
export function CertificationRun({ certification, terminalName }: { readonly certification: ComparedCertification; readonly terminalName: string }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const { startedAt, askedBy, state } = certification;
  return (
    <Card title={`${t('certification.title')}: ${terminalName}`} text={t('certification.by', { time: words.time(startedAt), name: whoAsked(askedBy) })}>
      {state === 'running' ? <RunningCertification certification={certification} /> : <CertificationResult certification={certification} />}
      {certification.results.length > 0 && <CertificationResults certification={certification} />}
    </Card>
  );
}

function RunningCertification({ certification }: { readonly certification: Certification }) {
  const { t } = useTranslation('terminals');
  const { may } = useSession();
  const [stopping, setStopping] = useState(false);
  const { siteId, terminalId, id, payments, results, step, prompt, stopping: isStopping } = certification;
  const path = inPath`/v1/terminals/${terminalId}/certifications/${id}`;
  const answering = useSaving({
    save: (number: number) => api.post<'Certification'>(`${path}/prompts/${number}`, { query: { siteId } }),
    touches: [certificationsKey],
  });
  const stop = useSaving({
    save: () => api.post<'Certification'>(`${path}/stop`, { query: { siteId } }),
    touches: [certificationsKey],
    onSaved: () => setStopping(false),
    said: t('certification.stopped'),
  });
  const done = results.length;
  const number = prompt?.number ?? null;
  return (
    <Stack role="status">
      <Text size="sm">{t('certification.running', { number: Math.min(done + 1, payments), count: payments })}</Text>
      <Progress value={(done / payments) * 100} animated aria-label={t('certification.running', { number: done, count: payments })} />
      <Text size="sm" c="dimmed">
        {t(isStopping ? 'certification.isStopping' : `certification.steps.${step}`)}
      </Text>
      {prompt !== null && (
        <Alert color="blue" title={t(`certification.prompts.${prompt.kind}`)}>
          {number !== null && may('equipment:write') && (
            <Button loading={answering.isPending} onClick={() => answering.mutate(number)}>
              {t('certification.done')}
            </Button>
          )}
        </Alert>
      )}
      {answering.error !== null && <ProblemAlert problem={answering.error} />}
      {may('equipment:write') && (
        <Group>
          <Button variant="default" color="red" disabled={isStopping} onClick={() => setStopping(true)}>
            {t('certification.stop')}
          </Button>
        </Group>
      )}
      <Confirm
        opened={stopping}
        danger
        title={t('certification.askStop')}
        text={t('certification.askStopText')}
        confirm={t('certification.stop')}
        loading={stop.isPending}
        onConfirm={() => stop.mutate(undefined)}
        onClose={() => setStopping(false)}
      >
        {stop.error !== null && <ProblemAlert problem={stop.error} />}
      </Confirm>
    </Stack>
  );
}
