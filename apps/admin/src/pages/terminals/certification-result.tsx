import { Alert, Anchor, Badge, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { reasonTexts } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { errorWords, languageNow } from '../../i18n/texts';
import { Facts } from '../../parts/facts';
import { useWords } from '../../parts/words';
import type { ComparedCertification } from '../../terminals/certifications';
import { CertificationFacts } from './certification-facts';
import { gradeColors } from './grade-colors';

/** What came of a certification: the grade, why it is not better, what was measured, where the money is. Printable. */
export function CertificationResult({ certification }: { readonly certification: ComparedCertification }) {
  const { t } = useTranslation(['terminals', 'shell']);
  const { grade, because, refusal, money, figures, state } = certification;
  return (
    <Stack>
      <Group justify="space-between">
        <Group>
          <Title order={3} size="h2">
            {grade === null ? t('certification.noGrade') : t('certification.grade', { grade })}
          </Title>
          {grade !== null && (
            <Badge size="xl" color={gradeColors[grade]} aria-hidden>
              {grade}
            </Badge>
          )}
          {state === 'stopped' && <Badge color="gray">{t('certification.stopped')}</Badge>}
        </Group>
        <Button variant="default" className="kkm-screen-only" onClick={() => print()}>
          {t('certification.print')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('certification.gradeText')}
      </Text>
      {refusal !== null && (
        <Alert color="red" title={t('certification.refused')}>
          {errorWords(refusal)?.title ?? refusal}
        </Alert>
      )}
      {because.length > 0 && (
        <div>
          <Text fw={500}>{t('certification.because')}</Text>
          <List size="sm">
            {because.map((reason) => (
              <List.Item key={reason}>{t(`certification.reasons.${reason}`)}</List.Item>
            ))}
          </List>
        </div>
      )}
      {money !== null && money.notReturned.length > 0 && (
        <Alert color="red" title={t('certification.notReturned')}>
          {money.notReturned.map((paymentId) => (
            <Anchor key={paymentId} component={Link} to={`/payments/${paymentId}`} display="block">
              {paymentId}
            </Anchor>
          ))}
        </Alert>
      )}
      {figures !== null && <CertificationFacts figures={figures} money={money} />}
      {figures !== null && figures.failures.length > 0 && (
        <List size="sm">
          {figures.failures.map(({ reason, count }) => (
            <List.Item key={reason}>{`${reasonTexts[reason][languageNow()]}: ${count}`}</List.Item>
          ))}
        </List>
      )}
      <Earlier certification={certification} />
    </Stack>
  );
}

/** The terminal's earlier grades: LAN against USB, before against after. */
function Earlier({ certification: { earlier, siteId, terminalId } }: { readonly certification: ComparedCertification }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  if (earlier.length === 0) return null;
  return (
    <div>
      <Text fw={500}>{t('certification.earlier')}</Text>
      <Facts
        label={t('certification.earlier')}
        facts={earlier.map((one) => [
          words.time(one.startedAt),
          <Group key={one.id} gap="xs">
            <Anchor component={Link} to={`/terminals/${siteId}/${terminalId}/certification/${one.id}`}>
              {t('certification.grade', { grade: one.grade })}
            </Anchor>
            <Badge variant="light">{t(`certification.links.${one.link}`)}</Badge>
            {one.approvalMs !== null && <Text size="sm">{t('figures.spread', { p50: words.ms(one.approvalMs.p50), p95: words.ms(one.approvalMs.p95) })}</Text>}
            {one.readFailureRate !== null && <Text size="sm">{`${t('figures.readFailureRate')}: ${words.percent(one.readFailureRate)}`}</Text>}
          </Group>,
        ])}
      />
    </div>
  );
}
