import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, inPath, newKey } from '../api/api';
import { useLive } from '../live/live';
import { ProblemAlert } from '../parts/problem-alert';
import { useWords } from '../parts/words';
import { useSession } from '../session/session';
import { TestResult } from './test-result';
import { isAtRest } from './test-stage';

/** Minor units of a test payment. */
const testAmount = 100;
/** How often a running test is read, besides what the stream tells. */
const readEveryMs = 2_000;

/** Which terminal is tested. */
export interface TestPaymentsProps {
  readonly siteId: string;
  readonly terminalId: string;
}

/** Takes 1.00 by card or by QR and gives it back at once; tells what is happening. */
export function TestPayments({ siteId, terminalId }: TestPaymentsProps) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const { may } = useSession();
  const [paymentId, setPaymentId] = useState<string | null>(null);
  const opening = useMutation({
    mutationFn: ({ method, key }: { readonly method: 'card' | 'sbp_qr'; readonly key: string }) =>
      api.post<'Payment'>('/v1/payments', {
        key,
        body: { siteId, terminalId, orderId: `test-${key.slice(0, 12)}`, amount: testAmount, currency: 'RUB', method, purpose: 'test' },
      }),
    onSuccess: ({ id }) => setPaymentId(id),
  });
  const running = useTestPayment(paymentId);
  const isBusy = opening.isPending || (paymentId !== null && (running.data === undefined || !isAtRest(running.data)));
  if (!may('payments:write')) return <Text c="dimmed">{t('test.forbidden')}</Text>;
  return (
    <Stack>
      <Text size="sm">{t('test.text', { amount: words.money(testAmount) })}</Text>
      <Group>
        {(['card', 'sbp_qr'] as const).map((method) => (
          <Button
            key={method}
            variant="default"
            disabled={isBusy}
            loading={isBusy && opening.variables?.method === method}
            onClick={() => opening.mutate({ method, key: newKey() })}
          >
            {t(`test.buttons.${method}`, { amount: words.money(testAmount) })}
          </Button>
        ))}
      </Group>
      {opening.error !== null && <ProblemAlert problem={opening.error} />}
      {running.error !== null && <ProblemAlert problem={running.error} again={() => void running.refetch()} />}
      {running.data !== undefined && <TestResult payment={running.data} />}
    </Stack>
  );
}

/** A test payment as it goes on. */
function useTestPayment(id: string | null) {
  const queries = useQueryClient();
  const queryKey = ['test-payment', id];
  useLive('payment', (event) => {
    if (event.subject === id) void queries.invalidateQueries({ queryKey });
  });
  return useQuery({
    queryKey,
    enabled: id !== null,
    queryFn: ({ signal }) => api.get<'Payment'>(inPath`/v1/payments/${id ?? ''}`, {}, signal),
    refetchInterval: ({ state }) => (state.data !== undefined && isAtRest(state.data) ? false : readEveryMs),
  });
}
