import { PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The shortest password that KKM takes, and the longest. */
export const passwordLength = { min: 10, max: 200 } as const;

/** Whether KKM would refuse a password for its length. */
export function isShort(password: string): boolean {
  return password.length < passwordLength.min;
}

/** A password to be given to somebody. */
export interface NewPasswordProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (password: string) => void;
  /** Whether it was tried to go on: from then on a short one is said to be one. */
  readonly tried: boolean;
}

/** The field of a new password. */
export function NewPassword({ value, onChange, tried, ...words }: NewPasswordProps) {
  const { t } = useTranslation('session');
  return (
    <PasswordInput
      {...words}
      autoComplete="new-password"
      maxLength={passwordLength.max}
      required
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={tried && isShort(value) ? t('account.short', { count: passwordLength.min }) : null}
    />
  );
}
