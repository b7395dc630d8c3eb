import { Button, Group, Select, TextInput } from '@mantine/core';
import { paymentStatuses, purposes } from '@kkm/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { anyPayment, isMistyped, periods, searchedBy } from './payment-wish';
import type { PaymentWish, Period, SearchedBy } from './payment-wish';

/** What the list calls "any"; no status can be called so. */
const any = '*';

/** The fields of a wish and who is told of it. */
export interface PaymentFiltersProps {
  readonly wish: PaymentWish;
  readonly onChange: (wish: PaymentWish) => void;
}

/** Narrows the list down: by status, by time, and by a text that is searched for. */
export function PaymentFilters({ wish, onChange }: PaymentFiltersProps) {
  const { t } = useTranslation('payments');
  return (
    <Group role="search" aria-label={t('filter.label')} align="flex-end" gap="sm" mb="md">
      <Select
        label={t('filter.status')}
        w={170}
        allowDeselect={false}
        data={[{ value: any, label: t('filter.anyStatus') }, ...paymentStatuses.map((value) => ({ value, label: t(`statuses.${value}`) }))]}
        value={wish.status ?? any}
        onChange={(value) => onChange({ ...wish, status: paymentStatuses.find((status) => status === value) ?? null })}
      />
      <Select
        label={t('filter.purpose')}
        w={180}
        allowDeselect={false}
        data={[{ value: any, label: t('filter.anyPurpose') }, ...purposes.map((value) => ({ value, label: t(`filter.purposes.${value}`) }))]}
        value={wish.purpose ?? any}
        onChange={(value) => onChange({ ...wish, purpose: purposes.find((purpose) => purpose === value) ?? null })}
      />
      <Select
        label={t('filter.period')}
        w={150}
        allowDeselect={false}
        data={periods.map((value) => ({ value, label: t(`filter.periods.${value}`) }))}
        value={wish.period}
        onChange={(value) => onChange({ ...wish, period: (value ?? 'all') as Period })}
      />
      {wish.period === 'own' && <OwnDays wish={wish} onChange={onChange} />}
      <SearchForm key={`${wish.by} ${wish.text}`} wish={wish} onChange={onChange} />
    </Group>
  );
}

function OwnDays({ wish, onChange }: PaymentFiltersProps) {
  const { t } = useTranslation('payments');
  return (['from', 'to'] as const).map((side) => (
    <TextInput
      key={side}
      type="date"
      label={t(`filter.${side}`)}
      w={150}
      value={wish[side]}
      onChange={(event) => onChange({ ...wish, [side]: event.currentTarget.value })}
    />
  ));
}

/** Searches when it is asked to, not at every letter: a whole number is what is looked for. */
function SearchForm({ wish, onChange }: PaymentFiltersProps) {
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
