import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useTerminal } from '../../equipment/equipment';
import type { Terminal } from '../../equipment/equipment';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { Card } from '../../parts/settings-card';
import { useWords, whoAsked } from '../../parts/words';
import { useSession } from '../../session/session';
import { useCertification, useCertifications } from '../../terminals/certifications';
import type { Certification } from '../../terminals/certifications';
import { CertificationForm } from './certification-form';
import { CertificationRun } from './certification-run';
import { gradeColors } from './grade-colors';

/** Certifies a terminal: starts a series of tests, follows it, and shows what came of it and of those before. */
export function CertificationPage() {
  const { siteId = '', id = '' } = useParams();
  const terminal = useTerminal(siteId, id);
  return <Loaded query={terminal}>{(data) => <CertificationView terminal={data} />}</Loaded>;
}

function CertificationView({ terminal }: { readonly terminal: Terminal }) {
  const { t } = useTranslation('terminals');
  const { may } = useSession();
  const { certificationId } = useParams();
  const certifications = useCertifications(terminal.siteId, terminal.id);
  const running = certifications.data?.find(({ state }) => state === 'running');
  const shownId = certificationId ?? running?.id;
  return (
    <>
      <PageHeader title={`${t('certification.title')}: ${terminal.name}`} />
      <Stack maw={960}>
        {shownId !== undefined && <ShownCertification key={shownId} terminal={terminal} id={shownId} />}
        {running === undefined && certifications.isSuccess && may('equipment:write') && (
          <CertificationForm terminal={terminal} certified={certifications.data.length > 0} />
        )}
        <Card title={t('certification.runs')}>
          <Loaded query={certifications}>
            {(all) => (all.length === 0 ? <Text c="dimmed">{t('certification.empty')}</Text> : all.map((one) => <RunLink key={one.id} certification={one} />))}
          </Loaded>
        </Card>
      </Stack>
    </>
  );
}

function ShownCertification({ terminal, id }: { readonly terminal: Terminal; readonly id: string }) {
  const certification = useCertification(terminal.siteId, terminal.id, id);
  return <Loaded query={certification}>{(data) => <CertificationRun certification={data} terminalName={terminal.name} />}</Loaded>;
}

function RunLink({ certification }: { readonly certification: Certification }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const { siteId, terminalId, id, startedAt, askedBy, grade, link, state } = certification;
  return (
    <Group gap="xs">
      <Anchor component={Link} to={`/terminals/${siteId}/${terminalId}/certification/${id}`}>
        {t('certification.by', { time: words.time(startedAt), name: whoAsked(askedBy) })}
      </Anchor>
      <Badge variant="light">{t(`certification.links.${link}`)}</Badge>
      {state === 'stopped' && (
        <Badge variant="light" color="gray">
          {t('certification.stopped')}
        </Badge>
      )}
      {grade !== null && <Badge color={gradeColors[grade]}>{grade}</Badge>}
    </Group>
  );
}
