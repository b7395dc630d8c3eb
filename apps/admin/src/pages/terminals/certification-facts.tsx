import { useTranslation } from 'react-i18next';
import { Facts } from '../../parts/facts';
import { useWords } from '../../parts/words';
import type { ComparedCertification } from '../../terminals/certifications';

/** What a certification measured, and where its money is. */
export interface CertificationFactsProps {
  readonly figures: NonNullable<ComparedCertification['figures']>;
  readonly money: ComparedCertification['money'];
}

/** The figures of a certification, one to a row. */
export function CertificationFacts({ figures, money }: CertificationFactsProps) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const { approvalMs, readFailureRate, readFailures, inDoubt, cableReconnectMs, restartReconnectMs } = figures;
  const back = (ms: number | 'never'): string => (ms === 'never' ? t('certification.never') : words.ms(ms));
  return (
    <Facts
      label={t('certification.figures')}
      facts={[
        [t('certification.sales'), t('certification.salesOf', { approved: words.number(figures.approved), sales: words.number(figures.sales) })],
        [t('figures.approval'), approvalMs === null ? '—' : t('figures.spread', { p50: words.ms(approvalMs.p50), p95: words.ms(approvalMs.p95) })],
        [t('figures.readFailureRate'), readFailureRate === null ? '—' : `${words.percent(readFailureRate)} (${words.number(readFailures)})`],
        [t('certification.inDoubt'), t('certification.inDoubtOf', { count: inDoubt.count, open: words.number(inDoubt.open) })],
        ...(cableReconnectMs === null ? [] : [[t('certification.reconnect'), back(cableReconnectMs)] as const]),
        ...(restartReconnectMs === null ? [] : [[t('certification.restartReconnect'), back(restartReconnectMs)] as const]),
        ...(money === null
          ? []
          : [
              [
                t('certification.money'),
                t('certification.moneyText', { charged: words.number(money.charged), returned: words.number(money.returned) }),
              ] as const,
            ]),
      ]}
    />
  );
}
