import { Button, Center, Text } from '@mantine/core';
import type { Payment } from '@kkm/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useTerminals } from '../../equipment/equipment';
import { EmptyState } from '../../parts/empty-state';
import { Loaded } from '../../parts/loaded';
import { PageHeader } from '../../parts/page-header';
import { LiveBadge } from '../../payments/live-badge';
import { namedAccounts } from '../../payments/named-accounts';
import { PaymentFilters } from '../../payments/payment-filters';
import { PaymentTable } from '../../payments/payment-table';
import { anyPayment, paramsOf, queryOf, wishOf } from '../../payments/payment-wish';
import type { PaymentWish } from '../../payments/payment-wish';
import { RedoDialog } from '../../payments/redo-dialog';
import { usePayments } from '../../payments/use-payments';
import { useSession } from '../../session/session';
import { useSite } from '../../sites/sites';

/** All payments, live. */
export function PaymentsPage() {
  const { t } = useTranslation('payments');
  const { siteId } = useSite();
  const terminals = useTerminals();
  const [params, setParams] = useSearchParams();
  const wish = wishOf(params);
  const change = (next: PaymentWish): void => setParams(paramsOf(next), { replace: true, preventScrollReset: true });
  return (
    <>
      <PageHeader title={t('title')} text={t('text')} actions={<LiveBadge />} />
      <PaymentFilters wish={wish} accounts={namedAccounts(terminals.data ?? [])} onChange={change} />
      <PaymentList wish={wish} siteId={siteId} onShowAll={() => change(anyPayment)} />
    </>
  );
}

interface PaymentListProps {
  readonly wish: PaymentWish;
  readonly siteId: string | null;
  readonly onShowAll: () => void;
}

function PaymentList({ wish, siteId, onShowAll }: PaymentListProps) {
  const { t } = useTranslation(['payments', 'shell']);
  const { may } = useSession();
  const { nameOf } = useSite();
  const navigate = useNavigate();
  const [redone, setRedone] = useState<Payment | null>(null);
  const { list, payments } = usePayments(queryOf(wish, siteId, new Date()));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = (): void => void (hasNextPage && !isFetchingNextPage && fetchNextPage());
  return (
    <Loaded query={list}>
      {() =>
        payments.length === 0 ? (
          <NoPayments isAny={Object.keys(paramsOf(wish)).length === 0} onShowAll={onShowAll} />
        ) : (
          <>
            <PaymentTable payments={payments} nameOf={nameOf} onEnd={more} {...(may('payments:write') && { onRedo: setRedone })} />
            <Text size="sm" c="dimmed" mt="xs" role="status">
              {t('list.count', { count: payments.length })}
            </Text>
            {hasNextPage && (
              <Center mt="xs">
                <Button variant="default" loading={isFetchingNextPage} onClick={more}>
                  {t('shell:more')}
                </Button>
              </Center>
            )}
            {redone && (
              <RedoDialog payment={redone} onClose={() => setRedone(null)} onDone={({ id }) => void navigate(`/payments/${encodeURIComponent(id)}`)} />
            )}
          </>
        )
      }
    </Loaded>
  );
}

function NoPayments({ isAny, onShowAll }: { readonly isAny: boolean; readonly onShowAll: () => void }) {
  const { t } = useTranslation('payments');
  if (isAny) return <EmptyState title={t('list.emptyTitle')} text={t('list.emptyText')} />;
  const all = (
    <Button variant="default" onClick={onShowAll}>
      {t('list.showAll')}
    </Button>
  );
  return <EmptyState title={t('list.nothingTitle')} text={t('list.nothingText')} action={all} />;
}
