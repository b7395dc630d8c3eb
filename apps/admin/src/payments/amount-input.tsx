import { TextInput } from '@mantine/core';

/** A field for an amount in roubles and kopecks, as it is typed. */
export interface AmountInputProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly error: string | null;
  readonly disabled?: boolean;
  readonly onChange: (typed: string) => void;
}

/** Takes an amount. No number field: those change under the mouse's wheel and write amounts as each browser likes. */
export function AmountInput({ onChange, ...rest }: AmountInputProps) {
  return <TextInput {...rest} inputMode="decimal" autoComplete="off" maxLength={16} onChange={(event) => onChange(event.currentTarget.value)} />;
}
