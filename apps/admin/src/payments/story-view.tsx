import { Stack, Text, Timeline } from '@mantine/core';
import type { Payment } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { useWords } from '../parts/words';
import { AttemptEnd, DecisionFacts, MoneyGoesTo } from './attempt-end';
import type { Happening } from './story';
import { useHappeningWords } from './use-happening-words';
import { EvidenceWords } from './verdict-card';

/** The story of a payment, oldest first. */
export function StoryView({ story, payment }: { readonly story: readonly Happening[]; readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const wordsOf = useHappeningWords(payment);
  return (
    <Timeline role="list" aria-label={t('story.title')} bulletSize={14} lineWidth={2} active={story.length - 1}>
      {story.map((happening) => {
        const { text, color } = wordsOf(happening);
        return (
          <Timeline.Item key={happening.key} role="listitem" color={color} title={<span className="kkm-wrap">{text}</span>}>
            {happening.at !== null && (
              <Text size="xs" c="dimmed">
                {words.time(happening.at)}
              </Text>
            )}
            <Details happening={happening} payment={payment} />
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}

function Details({ happening, payment }: { readonly happening: Happening; readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  switch (happening.kind) {
    case 'qr':
      return (
        <Text size="xs" c="dimmed" className="kkm-wrap">
          {happening.attempt.qr?.payload}
        </Text>
      );
    case 'begun':
      return <MoneyGoesTo attempt={happening.attempt} />;
    case 'said':
      return <EvidenceWords evidence={happening.evidence} />;
    case 'ended':
      return <AttemptEnd attempt={happening.attempt} />;
    case 'decided':
      return (
        <>
          <DecisionFacts attempt={happening.attempt} />
          <AttemptEnd attempt={happening.attempt} />
        </>
      );
    case 'surfaced':
      return <Text size="sm">{t(`story.dispositions.${happening.money.disposition}`)}</Text>;
    case 'conflict':
      return <ConflictFacts happening={happening} payment={payment} />;
    case 'opened':
    case 'closed':
    case 'stopping':
    case 'granted':
    case 'in_doubt':
    case 'unread':
    case 'step':
      return null;
  }
}

function ConflictFacts({ happening, payment }: { readonly happening: Happening & { readonly kind: 'conflict' }; readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const { person, terminal } = happening.conflict;
  const sumOf = (one: { readonly charged: boolean; readonly chargedAmount: number }): string =>
    one.charged ? t('story.charged', { amount: words.money(one.chargedAmount, payment.currency) }) : t('story.uncharged');
  return (
    <Stack gap={2}>
      <Text size="sm" className="kkm-wrap">
        {t('story.conflictPerson', { name: person.by.name, said: sumOf(person) })} — {person.evidence}
      </Text>
      <Text size="sm">{t('story.conflictTerminal', { said: sumOf(terminal) })}</Text>
      <pre className="kkm-slip">{terminal.evidence.said}</pre>
    </Stack>
  );
}
