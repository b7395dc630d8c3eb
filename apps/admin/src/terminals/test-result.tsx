import { Alert, Anchor, Group, Loader, Text } from '@mantine/core';
import type { ReadBody } from '@kkm/contracts';
import { reasonTexts } from '@kkm/core';
import type { Progress } from '@kkm/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { languageNow } from '../i18n/texts';
import { useLive } from '../live/live';
import { useWords } from '../parts/words';
import { isAtRest, testStage } from './test-stage';

const colors = { charging: 'blue', in_doubt: 'orange', returning: 'blue', returned: 'green', not_charged: 'red' } as const;

/** Where a test payment stands, what its terminal is at, and why it failed. */
export function TestResult({ payment }: { readonly payment: ReadBody<'Payment'> }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const stage = testStage(payment);
  const amounts = { charged: words.money(payment.chargedAmount), refunded: words.money(payment.refundedAmount) };
  const last = payment.attempts.at(-1);
  const reason = last?.reason ?? null;
  const message = last?.message ?? null;
  return (
    <Alert color={colors[stage]} role="status" title={t(`test.stages.${stage}`, amounts)}>
      {!isAtRest(payment) && (
        <Group gap="xs">
          <Loader size="xs" />
          <LastStep key={payment.id} paymentId={payment.id} />
        </Group>
      )}
      {stage === 'not_charged' && reason !== null && <Text size="sm">{reasonTexts[reason][languageNow()]}</Text>}
      {stage === 'not_charged' && message !== null && (
        <Text size="sm" c="dimmed" className="kkm-wrap">
          {message}
        </Text>
      )}
      <Anchor component={Link} to={`/payments/${payment.id}`} size="sm">
        {t('test.story')}
      </Anchor>
    </Alert>
  );
}

/** The newest thing that the stream told of a payment. */
function LastStep({ paymentId }: { readonly paymentId: string }) {
  const { t } = useTranslation('terminals');
  const [step, setStep] = useState<Progress | null>(null);
  useLive('progress', (heard) => heard.paymentId === paymentId && setStep(heard));
  return <Text size="sm">{step === null ? t('test.waiting') : t(`progress.${step.step}`, { n: step.n ?? 0, of: step.of ?? 0 })}</Text>;
}
