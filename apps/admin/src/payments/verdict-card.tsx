import { Accordion, Alert, List, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHourglass } from '@tabler/icons-react';
import type { KeptEvidence, Payment, Verdict } from '@kkm/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { languageNow } from '../i18n/texts';
import { Loaded } from '../parts/loaded';
import { Card } from '../parts/settings-card';
import { useWords } from '../parts/words';

const looks = {
  charged: { color: 'green', icon: IconCircleCheck },
  not_charged: { color: 'gray', icon: IconCircleX },
  being_resolved: { color: 'orange', icon: IconHourglass },
} as const;

/** "Was the customer charged?": the answer, what to say to the guest, and what it rests on. */
export function VerdictCard({ payment, query }: { readonly payment: Payment; readonly query: UseQueryResult<Verdict> }) {
  const { t } = useTranslation('payments');
  return (
    <Card title={t('verdict.title')}>
      <Loaded query={query}>{(verdict) => <Answer verdict={verdict} payment={payment} />}</Loaded>
    </Card>
  );
}

function Answer({ verdict, payment }: { readonly verdict: Verdict; readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const { color, icon: Icon } = looks[verdict.verdict];
  const amount = words.money(verdict.chargedAmount, payment.currency);
  return (
    <Stack gap="sm" aria-live="polite">
      <Alert color={color} icon={<Icon size={20} aria-hidden />} title={t(`verdict.verdicts.${verdict.verdict}`, { amount })}>
        <Text size="sm">{verdict.text[languageNow()]}</Text>
      </Alert>
      <Accordion variant="contained" chevronPosition="left">
        <Accordion.Item value="evidence">
          <Accordion.Control>{t('verdict.evidence')}</Accordion.Control>
          <Accordion.Panel>
            {verdict.evidence.length === 0 ? <Text size="sm">{t('verdict.noEvidence')}</Text> : <EvidenceList evidence={verdict.evidence} />}
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function EvidenceList({ evidence }: { readonly evidence: readonly KeptEvidence[] }) {
  return (
    <List listStyleType="none" spacing="sm" size="sm">
      {evidence.map((one, index) => (
        <List.Item key={index}>
          <EvidenceWords evidence={one} />
        </List.Item>
      ))}
    </List>
  );
}

/** One piece of evidence, as it was asked and said. */
export function EvidenceWords({ evidence }: { readonly evidence: KeptEvidence }) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const { kind, asked, said, times, at, lastAt } = evidence;
  return (
    <Stack gap={2}>
      <Text size="sm" fw={600}>
        {t(`evidence.kinds.${kind}`)} · {words.time(at)}
      </Text>
      <Text size="sm" className="kkm-wrap">
        {t('evidence.asked')}: {asked}
      </Text>
      <pre className="kkm-slip" aria-label={t('evidence.said')}>
        {said}
      </pre>
      {times > 1 && (
        <Text size="xs" c="dimmed">
          {t('evidence.times', { count: times, at: words.time(lastAt) })}
        </Text>
      )}
    </Stack>
  );
}
