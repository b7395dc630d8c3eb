import { NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A field that every entry of a kind has. */
interface EntryFieldProps<Value> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly error: string | undefined;
}

/** What people call an entry. */
export function EntryNameInput({ value, onChange, error }: EntryFieldProps<string>) {
  const { t } = useTranslation('equipment');
  return <TextInput label={t('name')} required value={value} onChange={(event) => onChange(event.currentTarget.value)} error={error} />;
}

/** By which number KkmServer’s clients call a register or a terminal. */
export function EntryNumberInput({ value, onChange, error }: EntryFieldProps<number>) {
  const { t } = useTranslation('equipment');
  return (
    <NumberInput
      label={t('numDevice')}
      description={t('numDeviceText')}
      min={1}
      allowDecimal={false}
      value={value}
      onChange={(number) => onChange(Number(number))}
      error={error}
    />
  );
}
