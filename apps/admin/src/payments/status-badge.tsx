import { Badge } from '@mantine/core';
import { reasonTexts } from '@kkm/core';
import type { Attempt, OutcomeReason, Payment, PaymentStatus } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { languageNow } from '../i18n/texts';

const colours: Readonly<Record<PaymentStatus, string>> = {
  pending: 'gray',
  in_progress: 'blue',
  in_doubt: 'orange',
  succeeded: 'green',
  declined: 'red',
  cancelled: 'gray',
  expired: 'gray',
  failed: 'red',
};

/** Where a payment stands, in a word and a colour. Money that was given back says so. */
export function StatusBadge({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  const { status, chargedAmount, refundedAmount } = payment;
  const isReturned = status === 'succeeded' && refundedAmount > 0;
  const returned = refundedAmount === chargedAmount ? t('returned') : t('returnedInPart');
  return (
    <Badge color={isReturned ? 'grape' : colours[status]} variant="light" className="kkm-status">
      {isReturned ? returned : t(`statuses.${status}`)}
    </Badge>
  );
}

/** Marks a payment by which somebody tried the terminal; nothing for a guest's own. */
export function TestBadge({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  if (payment.purpose === 'sale') return null;
  return (
    <Badge color="gray" variant="outline">
      {t('test')}
    </Badge>
  );
}

/** A reason in the words of the language in force. */
export function reasonWords(reason: OutcomeReason): string {
  return reasonTexts[reason][languageNow()];
}

/** Why the last sale of a payment ended without a charge; null where it did not, or nothing is known. */
export function lastReasonOf({ attempts, status }: Payment): OutcomeReason | null {
  if (status === 'succeeded') return null;
  return lastSaleOf(attempts)?.reason ?? null;
}

/** The newest sale of a payment. */
export function lastSaleOf(attempts: readonly Attempt[]): Attempt | null {
  return attempts.findLast(({ operation }) => operation === 'sale') ?? null;
}
