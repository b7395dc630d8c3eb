import { Accordion, Badge, Button, Code, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReadBody } from '@kkm/contracts';
import { reasonTexts } from '@kkm/core';
import { useTranslation } from 'react-i18next';
import { api, inPath } from '../../api/api';
import type { Terminal } from '../../equipment/equipment';
import { LinkTestResult } from '../../equipment/link-test-result';
import { languageNow } from '../../i18n/texts';
import { ProblemAlert } from '../../parts/problem-alert';
import { useWords, whoAsked } from '../../parts/words';

/** Where requests are kept among the queries. */
export const requestsKey = ['terminal-requests'] as const;

type TerminalRequest = ReadBody<'TerminalRequest'>;

const pageLength = 10;
const colors = { asked: 'blue', running: 'blue', done: 'green', failed: 'red', unknown: 'orange' } as const;

/** What a terminal was asked outside of payments, newest first, with what it answered. */
export function RequestList({ terminal: { siteId, id: terminalId, bank } }: { readonly terminal: Terminal }) {
  const { t } = useTranslation(['terminals', 'shell']);
  const query = useInfiniteQuery({
    queryKey: [...requestsKey, siteId, terminalId],
    queryFn: ({ pageParam, signal }) =>
      api.get<'TerminalRequestPage'>(inPath`/v1/terminals/${terminalId}/requests`, { siteId, limit: pageLength, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const requests = query.data?.pages.flatMap((page) => page.requests) ?? [];
  return (
    <>
      {query.error !== null && <ProblemAlert problem={query.error} again={() => void query.refetch()} />}
      {query.isSuccess && requests.length === 0 && <Text c="dimmed">{t('requests.empty')}</Text>}
      {requests.length > 0 && (
        <Accordion variant="contained">
          {requests.map((request) => (
            <RequestRow key={request.id} request={request} bankTerminalId={bank.terminalId} />
          ))}
        </Accordion>
      )}
      {query.hasNextPage && (
        <Button variant="default" onClick={() => void query.fetchNextPage()} loading={query.isFetchingNextPage}>
          {t('shell:more')}
        </Button>
      )}
    </>
  );
}

function RequestRow({ request, bankTerminalId }: { readonly request: TerminalRequest; readonly bankTerminalId: string | null }) {
  const { t } = useTranslation('terminals');
  const words = useWords();
  return (
    <Accordion.Item value={request.id}>
      <Accordion.Control>
        <Group gap="xs">
          <Text size="sm" className="kkm-wrap">
            {t('requests.row', { kind: t(`requests.kinds.${request.kind}`), time: words.time(request.askedAt), name: whoAsked(request.askedBy) })}
          </Text>
          <Badge variant="light" color={colors[request.state]}>
            {t(`requests.states.${request.state}`)}
          </Badge>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        {request.kind === 'link-test' ? (
          <LinkTestResult test={request} bankTerminalId={bankTerminalId} />
        ) : (
          <>
            {request.reason !== null && <Text size="sm">{reasonTexts[request.reason][languageNow()]}</Text>}
            {request.text !== null && request.text !== '' ? <Code block>{request.text}</Code> : <Text c="dimmed">{t('requests.noText')}</Text>}
          </>
        )}
      </Accordion.Panel>
    </Accordion.Item>
  );
}
