import { Alert, Group, Loader, Stack, Text } from '@mantine/core';
import type { Payment, Progress } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { Card } from '../parts/settings-card';
import { ActButtons } from './act-buttons';
import { isMoving } from './acts';
import { QrCode } from './qr-code';
import { lastReasonOf, lastSaleOf, reasonWords, StatusBadge } from './status-badge';

/** Where a payment stands in plain words, what happens on the terminal at this moment, and what can be done. */
export function StateCard({ payment, newest }: { readonly payment: Payment; readonly newest: Progress | null }) {
  const { t } = useTranslation('payments');
  const hint = useHint(payment);
  const reason = lastReasonOf(payment);
  const sale = lastSaleOf(payment.attempts);
  const qr = sale?.status === 'granted' ? sale.qr : null;
  return (
    <Card title={t('page.state')}>
      <Group gap="sm" role="status">
        <StatusBadge payment={payment} />
        {reason !== null && <Text fw={600}>{reasonWords(reason)}</Text>}
      </Group>
      {isMoving(payment) && <Happening payment={payment} newest={newest} />}
      {payment.status === 'in_doubt' && <Alert color="orange">{t('page.inDoubt')}</Alert>}
      {hint !== null && <Text size="sm">{hint}</Text>}
      {qr && <QrCode qr={qr} />}
      <ActButtons payment={payment} />
    </Card>
  );
}

/** The newest word of the terminal, while it is at work. */
function Happening({ payment, newest }: { readonly payment: Payment; readonly newest: Progress | null }) {
  const { t } = useTranslation('payments');
  const isOpen = payment.attempts.some(({ id, status }) => id === newest?.attemptId && status !== 'queued');
  const step = newest !== null && isOpen ? t(`steps.${newest.step}`, { n: newest.n ?? '', of: newest.of ?? '' }) : null;
  return (
    <Group gap="sm" wrap="nowrap" role="status" aria-live="polite">
      <Loader size="xs" aria-hidden />
      <Stack gap={0}>
        <Text size="sm">{step ?? (payment.status === 'pending' ? t('page.waiting') : t('page.goesOn'))}</Text>
      </Stack>
    </Group>
  );
}

/** What one should know before one does anything. */
function useHint(payment: Payment): string | null {
  const { t } = useTranslation('payments');
  const { switchTo, cancelRequested, closedAt, redoable } = payment;
  if (switchTo !== null) return t('page.switching', { method: t(`methods.${switchTo}`) });
  if (cancelRequested === 'pending' && isMoving(payment)) return t('page.cancelling');
  if (cancelRequested === 'too_late') return t('page.tooLate');
  if (closedAt !== null) return t('page.closedHint');
  return redoable ? t('page.redoHint') : null;
}
