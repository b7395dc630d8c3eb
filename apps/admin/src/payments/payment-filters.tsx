import { Button, Group, Select, TextInput } from '@mantine/core';
import { methods, paymentStatuses, purposes } from '@kkm/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { NamedAccount } from './named-accounts';
import { anyPayment, isMistyped, periods, searchedBy } from './payment-wish';
import type { PaymentWish, Period, SearchedBy } from './payment-wish';

/** What the list calls "any"; no value can be called so. */
const any = '*';

/** Two beside each other on a telephone. */
const choiceWidth = { base: 'calc(50% - var(--mantine-spacing-sm) / 2)', xs: 160 } as const;

interface WishProps {
  readonly wish: PaymentWish;
  readonly onChange: (wish: PaymentWish) => void;
}

/** The fields of a wish and who is told of it. */
export interface PaymentFiltersProps extends WishProps {
  readonly accounts: readonly NamedAccount[];
}

/** Narrows the list down: by status, method, time and account, and by a text that is searched for. */
export function PaymentFilters({ wish, accounts, onChange }: PaymentFiltersProps) {
  const { t } = useTranslation('payments');
  return (
    <Group role="search" aria-label={t('filter.label')} align="flex-end" gap="sm" mb="md">
      <Choice
        label={t('filter.status')}
        any={t('filter.anyStatus')}
        options={paymentStatuses.map((value) => ({ value, label: t(`statuses.${value}`) }))}
        value={wish.status}
        onChange={(status) => onChange({ ...wish, status })}
      />
      <Choice
        label={t('filter.method')}
        any={t('filter.anyMethod')}
        options={methods.map((value) => ({ value, label: t(`methods.${value}`) }))}
        value={wish.method}
        onChange={(method) => onChange({ ...wish, method })}
      />
      <Choice
        label={t('filter.purpose')}
        any={t('filter.anyPurpose')}
        options={purposes.map((value) => ({ value, label: t(`filter.purposes.${value}`) }))}
        value={wish.purpose}
        onChange={(purpose) => onChange({ ...wish, purpose })}
      />
      <Select
        label={t('filter.period')}
        w={choiceWidth}
        allowDeselect={false}
        data={periods.map((value) => ({ value, label: t(`filter.periods.${value}`) }))}
        value={wish.period}
        onChange={(value) => onChange({ ...wish, period: (value ?? 'all') as Period })}
      />
      {wish.period === 'own' && <OwnDays wish={wish} onChange={onChange} />}
      <AccountChoice wish={wish} accounts={accounts} onChange={onChange} />
      <SearchForm key={`${wish.by} ${wish.text}`} wish={wish} onChange={onChange} />
    </Group>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly any: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value | null;
  readonly width?: { readonly base: string; readonly xs: number };
  readonly onChange: (value: Value | null) => void;
}

/** One of several values, or any. */
function Choice<Value extends string>({ label, any: anyLabel, options, value, width = choiceWidth, onChange }: ChoiceProps<Value>) {
  return (
    <Select
      label={label}
      w={width}
      allowDeselect={false}
      data={[{ value: any, label: anyLabel }, ...options]}
      value={value ?? any}
      onChange={(chosen) => onChange(options.find((option) => option.value === chosen)?.value ?? null)}
    />
  );
}

/** Whose money it is. Not asked where no account is known; one that is asked for can be given up, also when no terminal has it any more. */
function AccountChoice({ wish, accounts, onChange }: PaymentFiltersProps) {
  const { t } = useTranslation('payments');
  const { account } = wish;
  const isKnown = account === null || accounts.some(({ number }) => number === account);
  const all = isKnown ? accounts : [...accounts, { number: account, name: '' }];
  if (all.length === 0) return null;
  return (
    <Choice
      label={t('filter.account')}
      any={t('filter.anyAccount')}
      options={all.map(({ number, name }) => ({ value: number, label: name === '' ? number : `${name}, ${number}` }))}
      value={account}
      width={{ base: '100%', xs: 330 }}
      onChange={(chosen) => onChange({ ...wish, account: chosen })}
    />
  );
}

function OwnDays({ wish, onChange }: WishProps) {
  const { t } = useTranslation('payments');
  return (['from', 'to'] as const).map((side) => (
    <TextInput
      key={side}
      type="date"
      label={t(`filter.${side}`)}
      w={choiceWidth}
      value={wish[side]}
      onChange={(event) => onChange({ ...wish, [side]: event.currentTarget.value })}
    />
  ));
}

/** Searches when it is asked to, not at every letter: a whole number is what is looked for. */
function SearchForm({ wish, onChange }: WishProps) {
  const { t } = useTranslation('payments');
  const [typed, setTyped] = useState({ by: wish.by, text: wish.text });
  const wished = { ...wish, ...typed };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isMistyped(wished)) onChange(wished);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-end" gap="xs">
        <Select
          label={t('filter.by')}
          w={110}
          allowDeselect={false}
          data={searchedBy.map((value) => ({ value, label: t(`filter.searchedBy.${value}`) }))}
          value={typed.by}
          onChange={(by) => setTyped({ ...typed, by: (by ?? 'order') as SearchedBy })}
        />
        <TextInput
          type="search"
          label={t('filter.text')}
          placeholder={t(`filter.placeholders.${typed.by}`)}
          w={{ base: 200, lg: 230 }}
          maxLength={128}
          inputMode={typed.by === 'amount' ? 'decimal' : 'text'}
          value={typed.text}
          onChange={(event) => setTyped({ ...typed, text: event.currentTarget.value })}
          error={isMistyped(wished) ? t('filter.amountWrong') : null}
        />
        <Button type="submit" variant="default">
          {t('filter.search')}
        </Button>
        {wish.text !== '' && (
          <Button variant="subtle" onClick={() => onChange({ ...wish, by: anyPayment.by, text: '' })}>
            {t('filter.clear')}
          </Button>
        )}
      </Group>
    </form>
  );
}
