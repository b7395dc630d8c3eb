import { Textarea } from '@mantine/core';
import type { Payment } from '@kkm/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OnceProblem } from '../parts/once-problem';
import { useWords } from '../parts/words';
import { AmountInput } from './amount-input';
import { minorOf, typedOf } from './amounts';
import { Dialog } from '../parts/dialog';
import { usePaymentAct } from './use-payment-act';

/** What can be given back of which payment. */
export interface RefundDialogProps {
  readonly payment: Payment;
  /** Minor units. */
  readonly refundMax: number;
  readonly onClose: () => void;
}

/** Gives back all that is left of a charge, or a part of it. */
export function RefundDialog({ payment, refundMax, onClose }: RefundDialogProps) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const [typed, setTyped] = useState(typedOf(refundMax));
  const [reason, setReason] = useState('');
  const refund = usePaymentAct('refunds', payment, onClose);
  const amount = minorOf(typed);
  const isWrong = amount === null || amount > refundMax;
  const most = words.money(refundMax, payment.currency);
  const locked = refund.lost !== null;
  const confirm = (): void => {
    if (isWrong) return;
    refund.send({ amount, ...(reason.trim() !== '' && { reason: reason.trim() }) });
  };
  return (
    <Dialog
      title={t('refund.title')}
      text={t('refund.text')}
      confirm={isWrong ? t('refund.confirmNone') : t('refund.confirm', { amount: words.money(amount, payment.currency) })}
      danger
      isPending={refund.isPending}
      isLocked={locked}
      onConfirm={confirm}
      onClose={onClose}
    >
      <AmountInput
        label={t('refund.amount')}
        description={t('refund.amountText', { amount: most })}
        value={typed}
        onChange={setTyped}
        disabled={locked}
        error={isWrong ? t('refund.amountWrong', { amount: most }) : null}
      />
      <Textarea
        label={t('refund.reason')}
        description={t('refund.reasonText')}
        maxLength={2_000}
        autosize
        minRows={2}
        maxRows={8}
        disabled={locked}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <OnceProblem once={refund} />
    </Dialog>
  );
}
