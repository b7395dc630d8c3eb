import { Table, Text } from '@mantine/core';
import type { Payment } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { Card } from '../parts/settings-card';
import { useWords } from '../parts/words';
import { useSite } from '../sites/sites';

/** What a payment is, member by member; the caller's own details are shown as they came. */
export function PaymentFacts({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation('payments');
  const words = useWords();
  const { nameOf } = useSite();
  const { id, siteId, registerId, terminalId, amount, chargedAmount, refundedAmount, currency, method, createdAt, expiresAt, metadata } = payment;
  const rows: readonly (readonly [string, string])[] = [
    [t('page.id'), id],
    [t('page.site'), nameOf(siteId)],
    ...(registerId === null ? [] : [[t('page.register'), registerId] as const]),
    [t('page.terminal'), terminalId],
    [t('page.method'), t(`methods.${method}`)],
    [t('page.amount'), words.money(amount, currency)],
    [t('page.charged'), words.money(chargedAmount, currency)],
    [t('page.refunded'), words.money(refundedAmount, currency)],
    [t('page.created'), words.time(createdAt)],
    ...(payment.status === 'pending' ? [[t('page.expires'), words.time(expiresAt)] as const] : []),
  ];
  const told = Object.entries(metadata);
  return (
    <Card title={t('page.facts')}>
      <FactTable label={t('page.facts')} rows={rows} />
      {told.length > 0 && (
        <>
          <Text fw={600} size="sm">
            {t('page.metadata')}
          </Text>
          <FactTable label={t('page.metadata')} rows={told} />
        </>
      )}
    </Card>
  );
}

function FactTable({ label, rows }: { readonly label: string; readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <Table aria-label={label} layout="fixed" verticalSpacing={4}>
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" className="kkm-wrap" fw={400} c="dimmed">
              {name}
            </Table.Th>
            <Table.Td className="kkm-wrap">{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
