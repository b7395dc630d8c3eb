import { Alert, List, Stack, Text } from '@mantine/core';
import { linkProblemTexts, reasonTexts } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { languageNow } from '../i18n/texts';
import { useWords } from '../parts/words';
import { BankTerminalWarning } from './bank-terminal-warning';
import { hasEnded } from './link-test';
import type { LinkTest } from './link-test';

/** A link test, and the bank's number of the terminal as it is set. */
export interface LinkTestResultProps {
  readonly test: LinkTest;
  readonly bankTerminalId: string | null;
}

/** What a link test found: the terminal's facts, or what went wrong and what to do. */
export function LinkTestResult({ test, bankTerminalId }: LinkTestResultProps) {
  const { t } = useTranslation('equipment');
  if (!hasEnded(test))
    return (
      <Alert color="orange" title={t('linkTest.notEnded')}>
        {t('linkTest.notEndedText')}
      </Alert>
    );
  if (test.state === 'done')
    return (
      <Stack gap="xs">
        <Reached test={test} />
        <BankTerminalWarning set={bankTerminalId} told={test.link?.bankTerminalId ?? null} />
      </Stack>
    );
  const words = test.problem === null ? null : linkProblemTexts[test.problem];
  const language = languageNow();
  const title = words?.title[language] ?? (test.reason === null ? t('linkTest.failed') : reasonTexts[test.reason][language]);
  return (
    <Alert color="red" title={title} role="alert">
      {words !== null && <Text size="sm">{words.remedy[language]}</Text>}
      {test.text !== null && test.text !== '' && (
        <Text size="sm" c="dimmed" className="kkm-wrap">
          {test.text}
        </Text>
      )}
    </Alert>
  );
}

function Reached({ test: { link } }: { readonly test: LinkTest }) {
  const { t } = useTranslation('equipment');
  const words = useWords();
  return (
    <Alert color="green" title={t('linkTest.done')} role="status">
      {link !== null && (
        <List size="sm">
          <List.Item>{t('linkTest.took', { time: words.ms(link.tookMs) })}</List.Item>
          <List.Item>{link.bankTerminalId === null ? t('linkTest.noBankTerminalId') : t('linkTest.bankTerminalId', { id: link.bankTerminalId })}</List.Item>
          {link.serialNumber !== null && <List.Item>{t('linkTest.serialNumber', { number: link.serialNumber })}</List.Item>}
          {link.host === 'reached' && <List.Item>{t('linkTest.hostReached')}</List.Item>}
          {link.host === 'unreachable' && <List.Item>{t('linkTest.hostUnreachable')}</List.Item>}
          {link.host === null && <List.Item>{t('linkTest.hostUnknown')}</List.Item>}
        </List>
      )}
    </Alert>
  );
}
