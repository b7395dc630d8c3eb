import { Alert, Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Facts } from '../../parts/facts';
import { useWords } from '../../parts/words';
import type { Health } from '../../terminals/health';
import { HealthBadges } from '../../terminals/health-now';

/** Whether the terminal can take money now, and what is known about it. */
export function HealthFacts({ health: { now } }: { readonly health: Health }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  const since = (at: string | null): string => (at === null ? '—' : words.time(at));
  return (
    <>
      {now.link !== 'up' && (
        <Alert color={now.link === 'down' ? 'red' : 'orange'} title={t(`links.${now.link}`)}>
          {t(now.worker === null ? 'linkTexts.noWorker' : `linkTexts.${now.link}`)}
        </Alert>
      )}
      <Facts
        label={t('now')}
        facts={[
          [t('state'), <HealthBadges key="state" now={now} />],
          [t('linkSince'), since(now.linkSince)],
          [
            t('busySince'),
            now.busy === null ? (
              '—'
            ) : (
              <Anchor key="busy" component={Link} to={`/payments/${now.busy.paymentId}`}>
                {t(`operations.${now.busy.operation}`, { time: words.time(now.busy.since) })}
              </Anchor>
            ),
          ],
          [t('lastAnswer'), since(now.lastAnswerAt)],
          [t('lastLinkTest'), since(now.lastLinkTest?.answeredAt ?? null)],
          [t('lastSettlement'), since(now.lastSettlement?.answeredAt ?? null)],
          [t('worker'), now.worker === null ? t('noWorker') : t('workerSince', { id: now.worker.id, time: words.time(now.worker.since) })],
        ]}
      />
    </>
  );
}
