import { Alert } from '@mantine/core';
import { isOtherBankTerminal } from '@kkm/core';
import { useTranslation } from 'react-i18next';

/** The bank's number of a terminal as it is set, and as the terminal itself told it. */
export interface BankTerminalWarningProps {
  readonly set: string | null;
  readonly told: string | null;
}

/** Warns where the two differ: then the money may go to another account than the settings say. Nothing where they agree, or one is not known. */
export function BankTerminalWarning({ set, told }: BankTerminalWarningProps) {
  const { t } = useTranslation('equipment');
  if (!isOtherBankTerminal(set, told)) return null;
  return (
    <Alert color="orange" role="alert" title={t('bank.otherTerminal', { told, set })}>
      {t('bank.otherTerminalText')}
    </Alert>
  );
}
