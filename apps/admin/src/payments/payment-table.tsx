import { Anchor, Button, Group, Paper, Table, Text } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { Payment } from '@kkm/core';
import { memo, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWords } from '../parts/words';
import { lastReasonOf, reasonWords, StatusBadge, TestBadge } from './status-badge';

/** Height of a row before it was drawn, pixels. */
const rowHeight = 64;

/** Rows drawn outside of what is seen, so that scrolling never meets a gap. */
const overscan = 12;

/** Rows before the end at which more are read. */
const readAhead = 20;

/** A list of payments and what can be done with it. */
export interface PaymentTableProps {
  readonly payments: readonly Payment[];
  readonly nameOf: (siteId: string) => string;
  /** Left out for whoever may not. */
  readonly onRedo?: (payment: Payment) => void;
  /** Called near the end of what was read. */
  readonly onEnd: () => void;
}

/** The list. Only what can be seen is in the document, however long it is. */
export function PaymentTable({ payments, nameOf, onRedo, onEnd }: PaymentTableProps) {
  const { t } = useTranslation('payments');
  const table = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => setScrollMargin(table.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: payments.length,
    estimateSize: () => rowHeight,
    getItemKey: (index) => payments[index]?.id ?? index,
    overscan,
    scrollMargin,
  });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  const ended = useEffectEvent(onEnd);
  useEffect(() => {
    if (last >= payments.length - readAhead) ended();
  }, [last, payments.length]);
  const above = (seen[0]?.start ?? scrollMargin) - scrollMargin;
  const below = rows.getTotalSize() + scrollMargin - (seen.at(-1)?.end ?? scrollMargin);
  return (
    <Paper withBorder radius="md" ref={table} className="kkm-payments">
      <Table verticalSpacing="xs" highlightOnHover aria-label={t('list.label')} aria-rowcount={payments.length + 1}>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            <Table.Th scope="col">{t('list.order')}</Table.Th>
            <Table.Th scope="col">{t('list.amount')}</Table.Th>
            <Table.Th scope="col">{t('list.status')}</Table.Th>
            <Table.Th scope="col" visibleFrom="md">
              {t('list.method')}
            </Table.Th>
            <Table.Th scope="col" visibleFrom="md">
              {t('list.terminal')}
            </Table.Th>
            {onRedo && (
              <Table.Th scope="col" visibleFrom="xs">
                {t('list.act')}
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Gap height={above} />
          {seen.map(({ index }) => {
            const payment = payments[index];
            return (
              payment && <Row key={payment.id} index={index} payment={payment} site={nameOf(payment.siteId)} measure={rows.measureElement} onRedo={onRedo} />
            );
          })}
          <Gap height={below} />
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

/** What stands for the rows that are not drawn. */
function Gap({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return <tr role="presentation" aria-hidden style={{ height }} />;
}

interface RowProps {
  readonly index: number;
  readonly payment: Payment;
  readonly site: string;
  readonly measure: (row: HTMLTableRowElement | null) => void;
  readonly onRedo: ((payment: Payment) => void) | undefined;
}

const Row = memo(function Row({ index, payment, site, measure, onRedo }: RowProps) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const { id, orderId, createdAt, method, terminalId } = payment;
  const reason = lastReasonOf(payment);
  const redo = onRedo && payment.redoable && (
    <Button size="compact-sm" variant="light" onClick={() => onRedo(payment)} aria-label={t('list.redoOf', { order: orderId })}>
      {t('list.redo')}
    </Button>
  );
  return (
    <Table.Tr ref={measure} data-index={index} aria-rowindex={index + 2}>
      <Table.Td className="kkm-wrap">
        <Anchor component={Link} to={`/payments/${encodeURIComponent(id)}`}>
          {orderId}
        </Anchor>
        <Text size="xs" c="dimmed">
          {words.time(createdAt)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Amounts payment={payment} />
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          <StatusBadge payment={payment} />
          <TestBadge payment={payment} />
        </Group>
        {reason !== null && <Text size="xs">{reasonWords(reason)}</Text>}
        {redo && (
          <Text component="div" mt={4} hiddenFrom="xs">
            {redo}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="md">{t(`methods.${method}`)}</Table.Td>
      <Table.Td visibleFrom="md" className="kkm-wrap">
        {terminalId}
        <Text size="xs" c="dimmed">
          {site}
        </Text>
      </Table.Td>
      {onRedo && <Table.Td visibleFrom="xs">{redo}</Table.Td>}
    </Table.Tr>
  );
});

function Amounts({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const { amount, chargedAmount, refundedAmount, currency } = payment;
  return (
    <>
      <Text size="sm" fw={600} className="kkm-amount">
        {words.money(amount, currency)}
      </Text>
      {chargedAmount > 0 && chargedAmount !== amount && <Text size="xs">{t('list.charged', { amount: words.money(chargedAmount, currency) })}</Text>}
      {refundedAmount > 0 && <Text size="xs">{t('list.refunded', { amount: words.money(refundedAmount, currency) })}</Text>}
    </>
  );
}
