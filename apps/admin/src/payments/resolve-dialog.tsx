import { Radio, Stack, Textarea } from '@mantine/core';
import type { Attempt, Payment } from '@kkm/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OnceProblem } from '../parts/once-problem';
import { useWords } from '../parts/words';
import { AmountInput } from './amount-input';
import { minorOf, typedOf } from './amounts';
import { Dialog } from '../parts/dialog';
import { usePaymentAct } from './use-payment-act';

type Answer = 'charged' | 'uncharged';

/** The attempt in doubt that a person decides. */
export interface ResolveDialogProps {
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly onClose: () => void;
}

/** Takes a person's decision and what it rests on. Neither answer is chosen beforehand. */
export function ResolveDialog({ payment, attempt, onClose }: ResolveDialogProps) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [typed, setTyped] = useState(typedOf(attempt.amount));
  const [evidence, setEvidence] = useState('');
  const [tried, setTried] = useState(false);
  const resolve = usePaymentAct('resolution', payment, onClose);
  const amount = minorOf(typed);
  const isWrong = amount === null || amount > attempt.amount;
  const locked = resolve.lost !== null;
  const confirm = (): void => {
    setTried(true);
    const rest = { evidence: evidence.trim(), attemptId: attempt.id };
    if (answer === null || rest.evidence === '') return;
    if (answer === 'uncharged') resolve.send({ charged: false, ...rest });
    else if (!isWrong) resolve.send({ charged: true, chargedAmount: amount, ...rest });
  };
  return (
    <Dialog
      title={t('resolve.title')}
      text={t('resolve.text')}
      confirm={t('resolve.confirm')}
      danger
      isPending={resolve.isPending}
      isLocked={locked}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Question answer={answer} onChange={setAnswer} isMissing={tried && answer === null} disabled={locked} />
      {answer === 'charged' && (
        <AmountInput
          label={t('resolve.amount')}
          value={typed}
          onChange={setTyped}
          disabled={locked}
          error={isWrong ? t('resolve.amountWrong', { amount: words.money(attempt.amount, payment.currency) }) : null}
        />
      )}
      <Textarea
        label={t('resolve.evidence')}
        description={t('resolve.evidenceText')}
        required
        maxLength={2_000}
        autosize
        minRows={3}
        maxRows={10}
        disabled={locked}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
        error={tried && evidence.trim() === '' ? t('resolve.evidenceNeeded') : null}
      />
      <OnceProblem once={resolve} />
    </Dialog>
  );
}

interface QuestionProps {
  readonly answer: Answer | null;
  readonly isMissing: boolean;
  readonly disabled: boolean;
  readonly onChange: (answer: Answer) => void;
}

function Question({ answer, isMissing, disabled, onChange }: QuestionProps) {
  const { t } = useTranslation('payments');
  return (
    <Radio.Group
      label={t('resolve.question')}
      value={answer}
      onChange={(value) => onChange(value === 'charged' ? 'charged' : 'uncharged')}
      error={isMissing ? t('resolve.choiceNeeded') : null}
      required
    >
      <Stack gap="xs" mt="xs">
        <Radio value="charged" label={t('resolve.charged')} disabled={disabled} />
        <Radio value="uncharged" label={t('resolve.uncharged')} disabled={disabled} />
      </Stack>
    </Radio.Group>
  );
}
