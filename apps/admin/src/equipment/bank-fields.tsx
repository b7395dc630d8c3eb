import { Fieldset, Group, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { bankFaults } from './bank-draft';
import type { BankDraft, BankFault } from './bank-draft';

/** The fields of {@link BankDraft}. */
export interface BankFieldsProps {
  readonly value: BankDraft;
  readonly onChange: (members: Partial<BankDraft>) => void;
  readonly faultAt: (pointer: string) => string | undefined;
}

/** Bank terminal id, merchant, legal entity and settlement account. One club may have several entities; reports go by the account. */
export function BankFields({ value, onChange, faultAt }: BankFieldsProps) {
  const { t } = useTranslation('equipment');
  const faults = bankFaults(value);
  const wrong = (fault: BankFault): string | undefined => (faults.includes(fault) ? t(`bank.faults.${fault}`) : undefined);
  const field = (name: keyof BankDraft, error: string | undefined, digits: boolean) => (
    <TextInput
      label={t(`bank.${name}`)}
      autoComplete="off"
      inputMode={digits ? 'numeric' : 'text'}
      value={value[name]}
      onChange={(event) => onChange({ [name]: digits ? event.currentTarget.value.replace(/\D/g, '') : event.currentTarget.value })}
      error={error}
    />
  );
  return (
    <Fieldset legend={t('bank.title')}>
      <Group grow align="flex-start" preventGrowOverflow={false} wrap="wrap">
        {field('terminalId', faultAt('/terminalId'), false)}
        {field('merchantId', faultAt('/merchantId'), false)}
      </Group>
      <Group grow align="flex-start" preventGrowOverflow={false} wrap="wrap" mt="xs">
        {field('entity', faultAt('/legalEntity/name'), false)}
        {field('inn', wrong('inn') ?? faultAt('/legalEntity/inn'), true)}
      </Group>
      <Group grow align="flex-start" preventGrowOverflow={false} wrap="wrap" mt="xs">
        {field('account', wrong('account') ?? wrong('key') ?? faultAt('/settlementAccount/number'), true)}
        {field('bik', wrong('bik') ?? faultAt('/settlementAccount/bik'), true)}
      </Group>
    </Fieldset>
  );
}
