import { Loader, Stack, Text } from '@mantine/core';
import { reasonTexts } from '@kkm/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNow } from '../../i18n/texts';
import { Facts } from '../../parts/facts';
import { useWords } from '../../parts/words';
import type { Health } from '../../terminals/health';

const Charts = lazy(async () => ({ default: (await import('../../terminals/health-charts')).HealthCharts }));

/** Sums and courses of a period. */
export function HealthOverTime({ health }: { readonly health: Health }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const { total, buckets } = health;
  if (total.sales === 0 && total.inDoubt.count === 0) return <Text c="dimmed">{t('figures.empty')}</Text>;
  const language = languageNow();
  return (
    <Stack>
      <Facts
        label={t('overTime')}
        facts={[
          [t('figures.sales'), t('figures.salesOf', { sales: words.number(total.sales), approved: words.number(total.approved) })],
          [
            t('figures.readFailureRate'),
            total.readFailureRate === null ? '—' : `${words.percent(total.readFailureRate)} (${words.number(total.readFailures)})`,
          ],
          [
            t('figures.approval'),
            total.approvalMs === null ? '—' : t('figures.spread', { p50: words.ms(total.approvalMs.p50), p95: words.ms(total.approvalMs.p95) }),
          ],
          [t('figures.inDoubt'), t('figures.inDoubtOf', { count: total.inDoubt.count, open: words.number(total.inDoubt.open) })],
          ...total.failures.map(({ reason, count }) => [reasonTexts[reason][language], words.number(count)] as const),
        ]}
      />
      {buckets.length > 0 && (
        <Suspense fallback={<Loader size="sm" />}>
          <Charts health={health} />
        </Suspense>
      )}
    </Stack>
  );
}
