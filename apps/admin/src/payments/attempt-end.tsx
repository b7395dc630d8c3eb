import { Stack, Text } from '@mantine/core';
import type { Attempt } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { BankTerminalWarning } from '../equipment/bank-terminal-warning';
import { useWords } from '../parts/words';
import { Slip } from './slip';
import { reasonWords } from './status-badge';

/** How an attempt ended: why, what the bank said in its own words, by what the bank knows it, and the slip. */
export function AttemptEnd({ attempt }: { readonly attempt: Attempt }) {
  const { t } = useTranslation('payments');
  const { reason, message, slip, number } = attempt;
  const facts = useBankFacts(attempt);
  return (
    <Stack gap={4} mt={4}>
      {reason !== null && <Text size="sm">{reasonWords(reason)}</Text>}
      {message !== null && (
        <Text size="sm" className="kkm-wrap">
          {t('story.message')}: {message}
        </Text>
      )}
      {facts.length > 0 && (
        <Text size="xs" c="dimmed" className="kkm-wrap">
          {facts.join(' · ')}
        </Text>
      )}
      <BankTerminalWarning set={attempt.bank?.terminalId ?? null} told={attempt.bankTerminalId} />
      {slip !== null && <Slip text={slip} number={number} />}
    </Stack>
  );
}

/** Whose money an attempt moves and to which account, as the settings said when it was opened. */
export function MoneyGoesTo({ attempt: { bank } }: { readonly attempt: Attempt }) {
  const { t } = useTranslation('payments');
  const account = bank?.settlementAccount;
  const entity = bank?.legalEntity;
  const parts = [entity && entity.name, account && t('story.account', { number: account.number })].filter((part) => typeof part === 'string');
  if (parts.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" className="kkm-wrap">
      {parts.join(' · ')}
    </Text>
  );
}

/** What a person's decision rests on, and what came of the terminal's own word. */
export function DecisionFacts({ attempt: { resolvedBy } }: { readonly attempt: Attempt }) {
  const { t } = useTranslation('payments');
  if (resolvedBy === null) return null;
  return (
    <Stack gap={4} mt={4}>
      <Text size="sm" className="kkm-wrap kkm-lines">
        {resolvedBy.evidence}
      </Text>
      <Text size="sm">{t(`story.terminalWords.${resolvedBy.terminal}`)}</Text>
    </Stack>
  );
}

function useBankFacts({ card, rrn, authorisationCode, bankTerminalId, hostResponseCode, grantedAt, finishedAt }: Attempt): readonly string[] {
  const { t } = useTranslation('payments');
  const words = useWords();
  const tookMs = grantedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(grantedAt);
  const entryMode = card === null || card.entryMode === 'unknown' ? '' : t(`story.entryModes.${card.entryMode}`);
  const cardWords = card && [card.maskedPan, card.scheme ?? '', entryMode].filter((part) => part !== '').join(', ');
  return [
    cardWords && t('story.card', { pan: cardWords }),
    rrn && t('story.rrn', { rrn }),
    authorisationCode && t('story.authorisation', { code: authorisationCode }),
    bankTerminalId && t('story.bankTerminal', { id: bankTerminalId }),
    hostResponseCode && t('story.code', { code: hostResponseCode }),
    tookMs !== null && tookMs >= 0 && t('story.tookMs', { time: words.ms(tookMs) }),
  ].filter((fact) => typeof fact === 'string' && fact !== '') as readonly string[];
}
