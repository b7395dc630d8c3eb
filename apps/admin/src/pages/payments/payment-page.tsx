import { Anchor, Grid, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { Payment } from '@kkm/core';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { Card } from '../../parts/settings-card';
import { LiveBadge } from '../../payments/live-badge';
import { PaymentFacts } from '../../payments/payment-facts';
import { StateCard } from '../../payments/state-card';
import { StatusBadge, TestBadge } from '../../payments/status-badge';
import { storyOf } from '../../payments/story';
import { StoryView } from '../../payments/story-view';
import { useHeard, usePayment, useVerdict } from '../../payments/use-payment';
import { VerdictCard } from '../../payments/verdict-card';

/** One payment: where it stands, what can be done, whether the guest was charged, and how it came to that. */
export function PaymentPage() {
  const { t } = useTranslation('payments');
  const { id = '' } = useParams();
  const query = usePayment(id);
  const payment = query.data;
  return (
    <>
      <Anchor component={Link} to="/payments" size="sm">
        {t('page.back')}
      </Anchor>
      <PageHeader
        title={payment === undefined ? t('title') : t('page.order', { order: payment.orderId })}
        actions={
          <Group gap="xs">
            {payment && <StatusBadge payment={payment} />}
            {payment && <TestBadge payment={payment} />}
            <LiveBadge />
          </Group>
        }
      />
      <Loaded query={query}>{(data) => <PaymentParts key={data.id} payment={data} />}</Loaded>
    </>
  );
}

function PaymentParts({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  const heard = useHeard(payment.id);
  const recoveries = heard.filter(({ step }) => step === 'recovering').length;
  const verdict = useVerdict(payment, recoveries);
  const story = storyOf({ payment, evidence: verdict.data?.evidence ?? [], heard });
  return (
    <Grid>
      <Grid.Col span={{ base: 12, lg: 5 }} order={{ base: 1, lg: 2 }}>
        <Stack>
          <StateCard payment={payment} newest={heard.at(-1) ?? null} />
          <VerdictCard payment={payment} query={verdict} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 7 }} order={{ base: 2, lg: 1 }}>
        <Stack>
          <Card title={t('story.title')}>
            <StoryView story={story} payment={payment} />
          </Card>
          <PaymentFacts payment={payment} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
