import { Anchor, Table } from '@mantine/core';
import { reasonTexts } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { languageNow } from '../../i18n/texts';
import { useWords } from '../../parts/words';
import type { Certification } from '../../terminals/certifications';

/** The test payments one by one. */
export function CertificationResults({ certification: { results } }: { readonly certification: Certification }) {
  const { t } = useTranslation(['terminals', 'shell']);
  const words = useWords();
  const heads = ['number', 'method', 'outcome', 'approval', 'reads', 'returned'] as const;
  return (
    <Table.ScrollContainer minWidth={520} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('certification.results') } }}>
      <Table aria-label={t('certification.results')}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head} scope="col">
                {t(`certification.${head}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.map((result) => (
            <Table.Tr key={result.number}>
              <Table.Td>
                <Anchor component={Link} to={`/payments/${result.paymentId}`}>
                  {result.number}
                </Anchor>
              </Table.Td>
              <Table.Td>{t(`certification.methodNames.${result.method}`)}</Table.Td>
              <Table.Td>{result.reason === null ? t(`certification.statuses.${result.status}`) : reasonTexts[result.reason][languageNow()]}</Table.Td>
              <Table.Td>{result.approvalMs === null ? '—' : words.ms(result.approvalMs)}</Table.Td>
              <Table.Td>{words.number(result.readFailures)}</Table.Td>
              <Table.Td>{result.charged > 0 && result.refunded >= result.charged ? t('shell:yes') : result.charged > 0 ? t('shell:no') : '—'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
